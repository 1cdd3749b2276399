"""The terminal form: what leads the eye, what is told once, what is harmless, what fits."""

import re

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from sesgate.finding import DnsRecord, Owner, Remedy, Severity, Status, Text
from sesgate.report.forms import RenderOptions, UnknownForm, render
from sesgate.report.forms.options import lacks_symbols
from sesgate.report.forms.text import lines, picture
from sesgate.report.forms.text.wrap import plain
from sesgate.report.forms.words import lasting
from sesgate.report.joint import AnyReport
from sesgate.verdict import Verdict
from tests.report.samples import (
    EVERY,
    NO_CREDENTIALS,
    evening_before,
    finding,
    nasty,
    offline,
    passed,
    ready,
    report,
    unseen,
    waiting,
)

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def text(of: AnyReport, width: int = 80, *, verbose: bool = False, quiet: bool = False) -> str:
    return render("text", of, RenderOptions(width=width, ascii=False, verbose=verbose, quiet=quiet))


def flat(told: str) -> str:
    """The words without the line breaks."""
    return " ".join(told.split())


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140, 200])
@pytest.mark.parametrize("case", EVERY)
def test_no_line_is_wider_than_asked_for_but_what_is_to_be_copied(case: str, width: int) -> None:
    for line in lines(EVERY[case](), RenderOptions(width=width, ascii=False)):
        copied = any("cyan" in style for _, style in line) or "https://" in plain(line)
        assert copied or cell_len(plain(line)) <= width, plain(line)


@pytest.mark.parametrize("case", EVERY)
def test_no_line_ends_in_a_blank(case: str) -> None:
    told = text(EVERY[case]())
    assert not [line for line in told.splitlines() if line != line.rstrip()]
    assert "\n\n\n" not in told


@pytest.mark.parametrize("case", EVERY)
@pytest.mark.parametrize("verbose", [False, True])
def test_colour_adds_escapes_and_nothing_else(case: str, verbose: bool) -> None:
    plain = RenderOptions(width=80, ascii=False, verbose=verbose)
    colored = render("text", EVERY[case](), replace(plain, color=True))
    without = ESCAPE.sub("", colored)
    assert "\x1b" in colored
    assert "\x1b" not in without
    badge = re.compile(r"^ ((?:READY|NOT READY|UNDECIDED)(?: \(partial[:a-z ]*\))?)  ", re.MULTILINE)
    assert badge.sub(r"\1 ", without) == render("text", EVERY[case](), plain)


def test_the_verdict_of_a_part_says_so_and_leads_on() -> None:
    told = flat(text(offline()))
    assert "READY (partial: offline) nothing blocks in what was looked at; 10 checks not looked at" in told
    assert "sesgate check gate.yaml looks at the rest as well" in told
    assert "production-access and 2 more" in told
    assert "10 checks not looked at" in text(offline(), quiet=True)
    by_name = replace(offline(), findings=tuple(passed("region", "eu-west-1")), left_out=("dkim",))
    assert "READY (partial) nothing blocks in what was looked at; 1 check not looked at" in flat(text(by_name))
    assert "left out on the command line. Not looked at: dkim" in flat(text(by_name))


@pytest.mark.parametrize("case", EVERY)
def test_ascii_is_ascii(case: str) -> None:
    assert render("text", EVERY[case](), RenderOptions(width=80, ascii=True, verbose=True)).isascii()


@pytest.mark.parametrize("width", range(40, 90))
def test_hostile_text_is_harmless_at_every_width(width: int) -> None:
    for verbose in (False, True):
        told = text(nasty(), width, verbose=verbose)
        assert all(line.isprintable() for line in told.splitlines())
        assert "\u202e" not in told
        assert not [line for line in told.splitlines() if line.strip().startswith("::")]
        assert not re.search(r"##(vso)?\[", told)


def test_markup_of_rich_is_text() -> None:
    assert "[bold red]m[/]" in flat(text(nasty(), 140))


def test_the_head_says_what_was_audited() -> None:
    head = text(evening_before()).split("──")[0]
    for fact in ("BizAssist API", "gate.yaml", "111122223333", "ap-southeast-1", "assumed-role/auditor/jane"):
        assert fact in head
    assert "2026-11-24 06:00 UTC, took 1.4 s" in head


def test_what_makes_a_report_less_than_it_seems_is_said_in_the_head() -> None:
    assert "This is not AWS: the endpoint is http://127.0.0.1:4566" in text(waiting())
    assert "Replayed from a recording" in text(waiting())
    assert "Partial run" in text(unseen())
    assert "The region is the command line's" in text(unseen())


def test_blockers_come_before_warnings_before_passes() -> None:
    told = text(evening_before())
    order = ["5 blockers", "2 warnings", "1 remark", "1 pending ·", "2 not seen ·", "1 waived", "1 skipped", "8 passed"]
    assert [told.index(f"── {title}") for title in order] == sorted(told.index(f"── {title}") for title in order)


def test_records_and_commands_are_whole_lines() -> None:
    told = [line.strip() for line in text(evening_before()).splitlines()]
    assert '_dmarc.yourdomain.com. 300 IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@yourdomain.com"' in told
    assert (
        "aws sesv2 put-email-identity-mail-from-attributes --region ap-southeast-1 --email-identity yourdomain.com "
        "--mail-from-domain bounce.yourdomain.com --behavior-on-mx-failure USE_DEFAULT_VALUE"
    ) in told


def test_one_repair_for_several_findings_is_told_once() -> None:
    told = text(evening_before())
    assert told.count("Add to the policy of") == 1
    assert told.count("repair 3") == 2
    assert "the same as above: Let SES publish to the topic" in told


def test_repairs_with_one_id_and_other_changes_are_two() -> None:
    first, second = (one for one in evening_before().findings if one.check == "notifications")
    assert second.remedy
    other = replace(second, remedy=replace(second.remedy, changes=()))
    told = text(report(first, other, verdict=Verdict.NOT_READY))
    assert "the same as above" not in told
    assert "repair 2" in told


def test_what_must_come_first_is_named_by_its_number() -> None:
    assert "in AWS, after repairs 2 and 5 · shows after about 1 day" in text(evening_before())


def test_no_credentials_are_told_once() -> None:
    told = flat(text(unseen()).split("────────\n\n15 not seen")[0])
    assert told.count(NO_CREDENTIALS) == 1
    assert "14 findings, 12 blockers among them" in told
    assert "sesgate check gate.yaml --profile NAME" in text(unseen())


def test_a_reason_with_words_before_it_is_the_same_reason() -> None:
    sample = unseen()
    first, *others = sample.findings
    first = replace(first, message=f"could not see which region is meant: {NO_CREDENTIALS}")
    told = text(replace(sample, findings=(first, *others)))
    assert "hides      14 findings, 12 blockers among them" in told


def test_resolvers_are_told_together() -> None:
    assert "dns TXT _dmarc.yourdomain.com (resolvers 1, 2)" in text(evening_before())


def test_a_long_value_is_cut_with_a_hint_and_whole_with_verbose() -> None:
    long = report(finding("spf", "a", Status.FAIL, "m", cause="c", found="x" * 1000), verdict=Verdict.NOT_READY)
    assert "(1000 characters, --verbose shows more)" in flat(text(long))
    assert "x" * 1000 in text(long, verbose=True).replace("\n", "").replace(" ", "")


def test_the_end_names_the_verdict_what_blocks_and_what_next() -> None:
    end = text(evening_before()).split("────────────\n")[-1]
    assert "NOT READY  5 blockers failed, 1 pending" in end
    assert "dkim#cname-missing" in end
    assert "dmarc#not-enforced" not in end
    assert end.rstrip().splitlines()[-1].strip().startswith("sesgate check gate.yaml")


def test_only_waiting() -> None:
    assert "NOT READY  only waiting: 1 blocker pending, nothing failed" in text(waiting())


def test_ready_keeps_warnings_in_sight() -> None:
    warning = finding("dmarc", "a", Status.FAIL, "m", cause="c", severity=Severity.WARNING)
    assert "READY  nothing blocks, 1 warning" in text(report(*passed("dkim", "a"), warning, verdict=Verdict.READY))


def test_ready_says_where_a_blocker_does_not_count() -> None:
    blocker = finding("dmarc", "a", Status.FAIL, "m", cause="c")
    told = text(report(blocker, verdict=Verdict.READY))
    assert "READY  nothing blocks; 1 blocker an earlier report had" in told
    assert "sesgate check gate.yaml --record evidence.json" in told


def test_warnings_block_where_the_run_was_told_so() -> None:
    warning = finding("dmarc", "a", Status.FAIL, "m", cause="c", severity=Severity.WARNING)
    assert "NOT READY  1 warning failed" in text(report(warning, verdict=Verdict.NOT_READY))


def test_undecided_where_nothing_was_looked_at() -> None:
    told = text(report(verdict=Verdict.UNDECIDED))
    assert "nothing was looked at" in told
    assert "UNDECIDED  nothing that could block was looked at" in told


def test_quiet_is_one_line_that_hides_nothing() -> None:
    told = text(waiting(), quiet=True)
    assert told.count("\n") == 1
    for words in ("NOT READY", "only waiting", "not AWS: the endpoint is http://127.0.0.1:4566", "Replayed"):
        assert words in told


def test_waivers_are_visible() -> None:
    told = text(ready())
    assert "p=quarantine on 1 March, after two weeks of reports" in told
    assert "ops@yourdomain.com, until 2026-12-01" in told
    assert "spf#two-records  yourdomain.com: expired, it ran until 2026-10-31" in told


def test_a_command_is_not_suggested_for_a_gate_that_has_no_file() -> None:
    nameless = evening_before()
    nameless = replace(nameless, gate=replace(nameless.gate, path=None, name=None))
    assert "sesgate check" not in text(nameless)


def test_the_command_that_ran_is_not_suggested_where_it_would_meet_another_account() -> None:
    elsewhere = evening_before()
    elsewhere = replace(elsewhere, target=replace(elsewhere.target, endpoint="http://127.0.0.1:4566"))
    told = text(elsewhere)
    assert "sesgate check" not in told
    assert "put-account-details --region ap-southeast-1 --endpoint-url http://127.0.0.1:4566" in told


def test_a_record_stands_apart_from_words_before_it() -> None:
    remedy = Remedy(
        "r", "s", Owner.DNS, 0, (Text("Delete the old one."), *[DnsRecord("a.example", "A", "192.0.2.1")] * 2)
    )
    told = text(report(finding("a", "b", Status.FAIL, "m", cause="c", remedy=remedy), verdict=Verdict.NOT_READY))
    record = "    a.example. 300 IN A 192.0.2.1\n"
    assert f"    Delete the old one.\n\n{record}{record}" in told


def test_the_picture_needs_nothing_from_elsewhere_and_is_always_the_same() -> None:
    svg = picture(evening_before(), 100)
    assert svg == picture(evening_before(), 100)
    assert "url(http" not in svg
    assert "NOT&#160;READY" in svg
    assert "<script" not in picture(nasty(), 100)


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UnknownForm, match="there are text, json"):
        render("pdf", ready(), RenderOptions())


@pytest.mark.parametrize(("encoding", "lacks"), [("utf-8", False), ("ascii", True), ("cp1252", True), (None, True)])
def test_encodings(encoding: str | None, lacks: bool) -> None:
    assert lacks_symbols(encoding) is lacks


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (300, "5 minutes"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (86400, "1 day"),
        (129600, "36 hours"),
        (259200, "3 days"),
    ],
)
def test_lasting(seconds: int, words: str) -> None:
    assert lasting(seconds) == words
