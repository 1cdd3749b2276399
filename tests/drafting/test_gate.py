"""A draft is a valid gate, whatever was found, and says where each guess comes from."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from sesgate.drafting import (
    Database,
    Domain,
    Facts,
    Folder,
    Principal,
    Quota,
    SenderFacts,
    Unseen,
    choose,
    draft,
    select,
)
from sesgate.drafting.writing import shown
from sesgate.gate import Gate, load_gate

from .facts import facts, identity, place, sender_variable, variable

ROLE = "arn:aws:iam::111122223333:role/api"
STRANGE = st.text(min_size=1, max_size=80)
NAMES = (
    STRANGE
    | st.from_regex(r"[a-z0-9-]{1,20}\.(io|com|test)", fullmatch=True)
    | st.from_regex(r"[a-zA-Z0-9.+_=%'-]{1,12}@[a-z0-9-]{1,20}\.io", fullmatch=True)
)


def loaded(found: Facts) -> Gate:
    return load_gate("-", {}, draft(found)).gate


@given(st.lists(NAMES, min_size=1, max_size=15, unique=True), st.sampled_from(["SUCCESS", "PENDING", "FAILED", ""]))
@example(['a"@x.io\nsenders: [{address: evil@x.io}]', "x.io: #", "${HOME}.io"], "SUCCESS")
@example(["=+'@a.io", "xn--a.io", "no", "null", "1.2"], "PENDING")
def test_every_identity_is_named_and_the_gate_loads(names: list[str], status: str) -> None:
    choice = choose((), (), [identity(name, status) for name in names])
    if not choice.chosen:
        choice = replace(choice, chosen=choose(["a@b.io"], (), None).chosen)
    text = draft(facts(choice))
    gate = load_gate("-", {}, text).gate
    told = {sender.name.lower() for sender in gate.senders}
    comments = " ".join(" ".join(re.sub(r"^ *# ", "", each) for each in text.splitlines()).split())
    for name in names:
        words = " ".join(shown(name).split())
        assert name.lower().removesuffix(".") in told or words in comments
    assert told == {each.name.lower() for each in choice.chosen}


@given(STRANGE, STRANGE)
@example("api\n    variables: {}", "x}, y: {")
@example("${AWS_SECRET_ACCESS_KEY}", "- a")
def test_names_of_services_and_files_stay_what_they_are(name: str, path: str) -> None:
    source = {"compose": {"file": path, "service": name}}
    strange = place(sender_variable("a@b.io"), kind="compose", name=name, source=source, shown=f"{path}, {name}")
    gate = loaded(facts(services=select([strange]).taken, folder=Folder(name="x", clients=(path,))))
    [service] = gate.services
    assert service.source[0].compose is not None
    assert (service.source[0].compose.file, service.source[0].compose.service) == (path, name)
    assert gate.clients[0].path == path
    assert set(service.variables) == {"SES_FROM_EMAIL"}


WHOLE = facts(
    services=[
        place(
            sender_variable("no-reply@yourdomain.com"),
            variable("SES_CONFIGURATION_SET", fits=True, parts={"name": "from-variable"}),
            variable("EMAIL_REPLY_TO", fits=True, parts={"address": "help@yourdomain.com"}),
            variable("DATABASE_URL", secret=True, parts={"scheme": "postgres", "host": "B.rds.amazonaws.com"}),
            variable("API_URL", fits=True, parts={"scheme": "https", "host": "api.yourdomain.com"}),
            role=ROLE,
            releases=True,
        )
    ],
    folder=Folder("shop", "package.json", {"openapi": ("openapi.json",)}, ("mobile",)),
    senders={"no-reply@yourdomain.com": SenderFacts(None, "bounce.yourdomain.com")},
    domains={"yourdomain.com": Domain("the policy is none", ("10 mx.yourdomain.com",))},
    configuration_sets=("from-variable", "other"),
    quota=Quota(50000.0, 14.5, 10.0),
    principals=(
        Principal(ROLE, ("ses:SendEmail",), ("ses:GetSendQuota",), is_application=True, runs=("api",)),
        Principal("arn:aws:iam::111122223333:role/staging", ("ses:SendEmail",), is_application=True),
        Principal("arn:aws:iam::111122223333:role/admin", (), is_administrator=True),
    ),
    databases=(Database("instance", "a", "postgres"), Database("cluster", "b", "postgres", ("b.rds.amazonaws.com",))),
)


def test_what_was_found_stands_in_its_place() -> None:
    gate = loaded(WHOLE)
    [sender] = gate.senders
    assert (sender.configuration_set, sender.mail_from) == ("from-variable", "bounce.yourdomain.com")
    assert sender.reply_to == "help@yourdomain.com"
    assert gate.aws.account == "111122223333"
    assert gate.name == "shop"
    assert [role.arn for role in gate.roles] == [ROLE]
    assert [need.resources for need in gate.roles[0].needs] == [("senders",), ("*",)]
    assert gate.database is not None
    assert gate.database.cluster == "b"
    assert gate.services[0].migrations == "pre_deploy"
    assert gate.clients[0].path == "mobile"


def test_a_plan_a_strangers_right_and_what_asks_others_are_for_a_person() -> None:
    gate = loaded(WHOLE)
    assert gate.volume is None
    assert gate.may_send is None
    assert gate.api is None
    text = draft(WHOLE)
    assert "# volume: {daily: 50000, per_second: 14.5, kind: transactional}" in text
    assert "role/staging (AWS compute runs as it" in text
    assert "role/admin (administrator)" in text
    assert "https://api.yourdomain.com" in text


def test_the_default_set_of_the_identity_counts_before_a_variable() -> None:
    gate = loaded(replace(WHOLE, senders={"no-reply@yourdomain.com": SenderFacts("default-set")}))
    assert gate.senders[0].configuration_set == "default-set"
    assert gate.senders[0].mail_from is None


def test_each_sender_has_what_stands_beside_it() -> None:
    orders = place(
        sender_variable("orders@shop.io"),
        variable("REPLY_TO", fits=True, parts={"address": "help@shop.io"}),
        variable("SES_CONFIGURATION_SET", fits=True, parts={"name": "orders"}),
        name="shop",
    )
    news = place(sender_variable("news@shop.io"), name="news")
    first, second = loaded(facts(choose((), [orders, news], None), [orders, news])).senders
    assert (first.reply_to, first.configuration_set) == ("help@shop.io", "orders")
    assert (second.reply_to, second.configuration_set) == (None, None)


def test_several_databases_are_told_and_none_is_taken() -> None:
    found = replace(WHOLE, services=facts().services)
    assert loaded(found).database is None
    assert "# database: {cluster: b}" in draft(found)


def test_what_is_switched_off_can_be_switched_on() -> None:
    """Every example is valid where it stands."""
    text = draft(facts(quota=Quota(200.0, 1.0, 0.0)))
    example = re.compile(r"^( *)# ((?:  )*(?:- )?[a-z_A-Z]+:(?: .*)?$)")
    lines = [example.sub(r"\1\2", each) for each in text.splitlines()]
    gate = load_gate("-", {}, "\n".join(lines)).gate
    assert gate.services
    assert gate.roles
    assert gate.api
    assert gate.attestations
    assert gate.volume
    assert gate.senders[0].mail_from == "bounce.yourdomain.com"


def test_each_reason_is_told_once_with_what_it_hides_and_what_to_grant() -> None:
    hidden = (
        Unseen("identities", "ses is denied", "ses:ListEmailIdentities"),
        Unseen("the quota", "no credentials"),
        Unseen("databases", "no credentials"),
    )
    text = draft(facts(unseen=hidden, account=None))
    assert "# - identities: ses is denied (to grant: ses:ListEmailIdentities)" in text
    assert "# - the quota, databases: no credentials" in text
    assert loaded(facts(account=None)).aws.account is None


@pytest.mark.parametrize(
    ("mx", "told"),
    [
        ((), "has no MX"),
        (("0 .",), "has no MX"),
        (("10 mx.io",), "# reply_to: support@yourdomain.com"),
        (None, "senders:"),
    ],
)
def test_where_replies_could_go(mx: tuple[str, ...] | None, told: str) -> None:
    assert told in draft(facts(domains={"yourdomain.com": Domain(mx=mx)}))


def test_files_that_are_left_alone_are_named() -> None:
    text = draft(facts(folder=Folder("x", "the folder", {"dotenv": (".env.example",), "procfile": ("Procfile",)})))
    assert "left alone: .env.example" in text
    assert "No source of variables by themselves: Procfile" in text


def test_an_endpoint_that_is_not_aws_is_told() -> None:
    assert "This is not AWS: the endpoint was http://127.0.0.1:4566" in draft(facts(endpoint="http://127.0.0.1:4566"))
