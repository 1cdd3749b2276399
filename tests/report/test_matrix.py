"""The environment variable matrix in the reports."""

from msgspec.structs import replace

from sesgate.finding import Status
from sesgate.report.forms import render
from sesgate.report.forms.grid import grid, sign
from sesgate.report.forms.options import RenderOptions
from sesgate.report.joint import gates_of
from sesgate.report.load import load_report
from sesgate.report.model import Report
from sesgate.verdict import Verdict

from .samples import cells, evening_before, finding, ready, report

OPTIONS = RenderOptions(width=80, ascii=False)


def _section(form: str, whole: Report, options: RenderOptions = OPTIONS) -> str:
    told = render(form, whole, options)
    return told[told.lower().index("environment variables") :]


def test_a_large_matrix_shows_what_to_act_on_and_counts_the_rest() -> None:
    large = {f"V{number:02}": "set" for number in range(80)}
    whole = replace(ready(), environment=cells("api", ".env", **large | {"V07": "empty"}))
    for form in ("text", "markdown"):
        told = _section(form, whole)
        assert "V07" in told
        assert "V08" not in told
        assert "79 variables right in every service" in told
    assert "V08" in _section("text", whole, RenderOptions(width=80, ascii=False, verbose=True))


def test_all_rows_of_a_small_matrix_are_shown() -> None:
    told = _section("text", replace(ready(), environment=cells("api", None, ONE="set", TWO="unset")))
    assert "ONE" in told
    assert "TWO" in told


def test_services_that_do_not_fit_come_below() -> None:
    many = tuple(cell for number in range(10) for cell in cells(f"service-{number}", None, ONE="set"))
    told = _section("text", replace(ready(), environment=many))
    assert told.count("  ONE  ") == 2
    assert all(f"service-{number}" in told for number in range(10))
    assert max(map(len, told.splitlines())) <= 80


def test_long_names_that_begin_alike_are_told_apart() -> None:
    many = tuple(
        cell
        for number in range(3)
        for cell in cells(f"billing-and-invoicing-{number}", None, SES_CONFIGURATION_SET_OF_MAIL_1="set")
    )
    told = _section("text", replace(ready(), environment=many))
    assert all(f"cing-{number}" in told for number in range(3))
    assert "SES_CONFIGURATION_SET_OF_MA…" in told
    wide = replace(
        ready(), environment=cells("業" * 10 + "一", None, ONE="set") + cells("業" * 10 + "二", None, ONE="set")
    )
    assert "業一" in _section("text", wide)
    assert max(map(len, _section("text", wide).splitlines())) <= 80


def test_a_gate_without_services_has_no_matrix() -> None:
    whole = report(finding("dkim", "yourdomain.com", Status.PASS, "m"), verdict=Verdict.READY)
    assert whole.to_dict()["environment"] is None
    for form in ("text", "markdown"):
        assert "environment variables" not in render(form, whole, OPTIONS).lower()


def test_the_json_has_every_cell_and_is_read_again() -> None:
    whole = evening_before()
    document = whole.to_dict()["environment"]
    assert len(document["cells"]) == len(whole.environment) == 11
    assert document["cells"][1] == {
        "service": "api",
        "variable": "SES_FROM_EMAIL",
        "state": "missing",
        "place": "task definition api:42, container api",
    }
    assert load_report(whole.to_json()) == whole


def test_a_report_without_the_part_is_read() -> None:
    text = ready().to_json()
    assert '"environment"' in text
    (gate,) = gates_of(load_report(text.replace('"environment"', '"another"')))
    assert gate.environment == ()


def test_a_word_of_a_later_version_is_no_pass() -> None:
    assert sign("something new") == "fail"
    assert [row.variable for row in grid(evening_before()).rows][:2] == ["AWS_REGION", "SES_FROM_EMAIL"]
