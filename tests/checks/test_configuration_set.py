"""configuration-set: exists, applies, sends."""

from typing import Any

import pytest

from sesgate.finding import AwsCall, Because, DnsRecord
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "configuration-set"
SET = "bizassist-transactional"
SENDER = "no-reply@yourdomain.com"
READS_A_VARIABLE = [
    {"name": "api", "source": "process", "variables": {"SES_CONFIGURATION_SET": {"is": "configuration_set"}}}
]


def _world() -> World:
    """Without services: no variable passes a set."""
    return ready_world().with_gate(services=None)


def _set(**options: Any) -> World:
    return _world().answer("sesv2", "GetConfigurationSet", **options)


def _default(name: str | None, world: World | None = None) -> World:
    return (world or _world()).answer("sesv2", "GetEmailIdentity", ConfigurationSetName=name)


def _undeclared(world: World) -> World:
    return world.with_gate(senders=[{"address": SENDER}])


def test_the_declared_default_passes() -> None:
    [judged] = run(CHECK, _world())
    assert judged.status.value == "pass"
    assert "default" in judged.finding.message


@pytest.mark.parametrize(
    ("options", "cause", "severity"),
    [
        ({"SendingOptions": {"SendingEnabled": False}}, "sending-off", "blocker"),
        ({"SuppressionOptions": {"SuppressedReasons": []}}, "suppression-off", "blocker"),
        ({"SuppressionOptions": {"SuppressedReasons": ["BOUNCE"]}}, "suppression-partial", "warning"),
        ({"DeliveryOptions": {"TlsPolicy": "OPTIONAL"}}, "tls-optional", "warning"),
        ({"DeliveryOptions": {}}, "tls-optional", "warning"),
        ({"ReputationOptions": {"ReputationMetricsEnabled": False}}, "reputation-metrics-off", "warning"),
    ],
)
def test_each_setting_has_its_cause(options: dict[str, Any], cause: str, severity: str) -> None:
    [judged] = run(CHECK, _set(**options))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", cause, severity)
    assert judged.finding.remedy is not None
    [call] = judged.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.undo is not None
    assert call.parameters != call.undo.parameters


def test_the_account_setting_counts_where_the_set_says_nothing() -> None:
    assert statuses(run(CHECK, _set(SuppressionOptions=None))) == {"pass"}


def test_requiring_tls_keeps_the_pool() -> None:
    [judged] = run(CHECK, _set(DeliveryOptions={"TlsPolicy": "OPTIONAL", "SendingPoolName": "dedicated"}))
    assert judged.finding.remedy is not None
    [call] = judged.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.parameters == {"ConfigurationSetName": SET, "TlsPolicy": "REQUIRE", "SendingPoolName": "dedicated"}


def test_a_missing_set_is_told() -> None:
    [judged] = run(CHECK, _world().absent("sesv2", "GetConfigurationSet"))
    assert (judged.status.value, judged.cause) == ("fail", "missing")


def test_a_missing_set_is_made_before_it_is_applied() -> None:
    judged = run(CHECK, _default(None).absent("sesv2", "GetConfigurationSet"))
    remedies = {one.cause: one.finding.remedy for one in judged}
    assert set(remedies) == {"missing", "not-applied"}
    created, applied = remedies["missing"], remedies["not-applied"]
    assert created is not None
    assert applied is not None
    assert applied.after == (created.id,)


def test_a_default_that_was_deleted_is_told() -> None:
    world = _undeclared(_default("gone")).absent("sesv2", "GetConfigurationSet", {"ConfigurationSetName": "gone"})
    [judged] = run(CHECK, world)
    assert judged.cause == "missing"
    assert "the default of the sender's identity" in judged.finding.message


@pytest.mark.parametrize("default", [None, "another"])
def test_a_set_that_does_not_apply_is_told(default: str | None) -> None:
    [judged] = run(CHECK, _default(default))
    assert (judged.status.value, judged.cause) == ("fail", "not-applied")
    assert judged.finding.remedy is not None
    [call] = judged.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.parameters == {"EmailIdentity": "yourdomain.com", "ConfigurationSetName": SET}
    assert call.undo is not None
    assert call.undo.parameters.get("ConfigurationSetName") == default


def test_an_address_identity_s_default_comes_first() -> None:
    listed = [
        {"IdentityName": name, "IdentityType": kind, "VerificationStatus": "SUCCESS", "SendingEnabled": True}
        for name, kind in ((SENDER, "EMAIL_ADDRESS"), ("yourdomain.com", "DOMAIN"))
    ]
    world = _world().answer("sesv2", "ListEmailIdentities", EmailIdentities=listed)
    own = {"IdentityType": "EMAIL_ADDRESS", "ConfigurationSetName": "another"}
    [judged] = run(CHECK, world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": SENDER}, **own))
    assert judged.cause == "not-applied"
    assert "another" in judged.finding.message


def test_a_variable_that_nothing_read_leaves_it_open() -> None:
    [judged] = run(CHECK, _default(None).with_gate(services=READS_A_VARIABLE))
    assert (judged.status.value, judged.cause) == ("error", "not-run")
    assert "api/SES_CONFIGURATION_SET" in judged.finding.message


def test_a_variable_and_no_declared_set_is_open_too() -> None:
    [judged] = run(CHECK, _undeclared(_default(None)).with_gate(services=READS_A_VARIABLE))
    assert (judged.status.value, judged.cause) == ("error", "not-run")


@pytest.mark.parametrize("world", [_world(), _undeclared(_world())], ids=["declared", "undeclared"])
def test_a_default_that_an_unread_variable_may_replace_is_open(world: World) -> None:
    [judged] = run(CHECK, world.with_gate(services=READS_A_VARIABLE))
    assert (judged.status.value, judged.cause) == ("error", "not-run")
    assert "api/SES_CONFIGURATION_SET, which could not be read, may name another" in judged.finding.message


def test_a_declared_default_holds_where_an_unread_variable_may_be_meant_for_another_sender() -> None:
    senders = [{"address": SENDER, "configuration_set": SET}, {"address": "news@yourdomain.com"}]
    judged = {one.subject: one for one in run(CHECK, _world().with_gate(senders=senders, services=READS_A_VARIABLE))}
    assert judged[SENDER].status.value == "pass"
    assert judged["news@yourdomain.com"].cause == "not-run"


def test_what_is_wrong_with_a_default_is_told_beside_what_is_open() -> None:
    world = _undeclared(_set(SendingOptions={"SendingEnabled": False})).with_gate(services=READS_A_VARIABLE)
    assert causes(run(CHECK, world)) == {"sending-off", "not-run"}


def test_an_undeclared_default_is_looked_at() -> None:
    world = _undeclared(_set(SendingOptions={"SendingEnabled": False}))
    assert causes(run(CHECK, world)) == {"sending-off"}


def test_no_set_at_all_is_not_asked_for() -> None:
    [judged] = run(CHECK, _undeclared(_default(None)))
    assert (judged.status.value, judged.cause) == ("skip", "not-asked")


def test_without_an_identity_the_other_check_speaks() -> None:
    [judged] = run(CHECK, _world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[]))
    assert judged.status.value == "skip"
    assert judged.finding.because == Because("identity-verified", SENDER)


def test_a_tracking_domain_that_leads_nowhere_warns() -> None:
    world = _set(TrackingOptions={"CustomRedirectDomain": "click.yourdomain.com"})
    [judged] = run(CHECK, world)
    assert (judged.cause, judged.severity.value) == ("tracking-domain", "warning")
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.changes == (
        DnsRecord("click.yourdomain.com", "CNAME", "r.ap-southeast-1.awstrack.me"),
    )
    assert statuses(run(CHECK, world.dns("click.yourdomain.com", "A", "198.51.100.7"))) == {"pass"}
    assert statuses(run(CHECK, world.dns_fails("click.yourdomain.com"))) == {"error"}


def test_several_faults_are_told_together() -> None:
    world = _set(SendingOptions={"SendingEnabled": False}, DeliveryOptions={"TlsPolicy": "OPTIONAL"})
    assert causes(run(CHECK, _default(None, world))) == {"not-applied", "sending-off", "tls-optional"}


def test_what_is_denied_is_an_error_and_hides_nothing_else() -> None:
    assert statuses(run(CHECK, _world().fail("sesv2", "GetConfigurationSet"))) == {"error"}
    assert statuses(run(CHECK, _world().fail("sesv2", "ListEmailIdentities"))) == {"error"}
    blind = _set(SendingOptions={"SendingEnabled": False}).fail("sesv2", "GetEmailIdentity")
    assert causes(run(CHECK, blind)) == {"not-seen", "sending-off"}
    blind = _default(None).fail("sesv2", "GetConfigurationSet")
    assert causes(run(CHECK, blind)) == {"not-seen", "not-applied"}


def _passing(default: str | None, **values: str) -> World:
    services = [{"name": "api", "source": {"dotenv": ".env"}, "variables": READS_A_VARIABLE[0]["variables"]}]
    return _default(default).with_gate(services=services).sets("api", **values)


def test_a_variable_that_names_the_set_makes_it_apply() -> None:
    for default in (None, "another"):
        [judged] = run(CHECK, _passing(default, SES_CONFIGURATION_SET=SET))
        assert judged.status.value == "pass"
        assert "api/SES_CONFIGURATION_SET names it" in judged.finding.message


def test_a_variable_that_names_another_wins_over_the_default() -> None:
    [judged] = run(CHECK, _passing(SET, SES_CONFIGURATION_SET="another"))
    assert judged.cause == "not-applied"
    assert "api/SES_CONFIGURATION_SET names another" in judged.finding.message


def test_an_empty_variable_names_none() -> None:
    assert statuses(run(CHECK, _passing(SET, SES_CONFIGURATION_SET=""))) == {"pass"}
    assert causes(run(CHECK, _passing(None, SES_CONFIGURATION_SET=""))) == {"not-applied"}


def test_an_undeclared_set_that_a_variable_names_is_looked_at() -> None:
    world = _undeclared(_passing(None, SES_CONFIGURATION_SET=SET))
    assert statuses(run(CHECK, world)) == {"pass"}
    gone = world.absent("sesv2", "GetConfigurationSet", {"ConfigurationSetName": SET})
    assert causes(run(CHECK, gone)) == {"missing"}
