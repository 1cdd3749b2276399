"""What it means that SES refused a test message: the reason is told apart where it was sent."""

from typing import NamedTuple

from sesgate.finding import HOUR, MINUTE, AwsCall, Finding, Owner, Remedy, Text, failed

DOCS = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html"
OTHERWISE = "rejected"


class _Meaning(NamedTuple):
    cause: str
    said: str
    expected: str
    summary: str
    lead_time: int
    what_to_do: str


_MEANINGS = {
    "not-verified": _Meaning(
        "sender-refused",
        "it does not take the sender (or, in the sandbox, the recipient) for verified",
        "a verified sender",
        "Verify the sender's identity in this region",
        HOUR,
        "Verify the sender's domain or address in this region; in the sandbox recipients have to be verified as well.",
    ),
    "configuration-set-missing": _Meaning(
        "configuration-set-missing",
        "the configuration set does not exist in this region",
        "a configuration set that exists here",
        "Create the configuration set, or send through one that exists here",
        10 * MINUTE,
        "Create the configuration set in this region, or correct its name in the gate and in the services' variables.",
    ),
    "sending-paused": _Meaning(
        "sending-paused",
        "sending is paused, for the account or for the configuration set",
        "sending on",
        "Find out why sending is paused, and switch it on",
        HOUR,
        "Where AWS paused the account, answer in its support case first; where someone of your own did, ask why.",
    ),
    "mail-from-not-verified": _Meaning(
        "mail-from-refused",
        "the MAIL FROM domain is not verified, and the identity is set to refuse mail then",
        "a verified MAIL FROM domain",
        "Publish the MX record of the MAIL FROM domain",
        HOUR,
        "Publish the MX record that mail-from names, or set BehaviorOnMxFailure to USE_DEFAULT_VALUE until then.",
    ),
    "quota-used-up": _Meaning(
        "quota-used-up",
        "the daily quota is used up",
        "a daily quota with room left",
        "Wait until older messages leave the 24 hours, or ask for a higher quota",
        HOUR,
        "The quota counts the last 24 hours. Ask for a higher one in the Service Quotas console.",
    ),
    OTHERWISE: _Meaning(
        "message-rejected",
        "it rejects the message",
        "a message that SES takes",
        "Find out why SES rejects a plain message of this sender",
        HOUR,
        "Send the same with `aws sesv2 send-email`: its error message tells more than a report may repeat.",
    ),
}


def refused(reason: str, code: str, to: str, *, sender: str, configuration_set: str | None, region: str) -> Finding:
    """The finding for a message that SES refused, by the reason and its error code."""
    meaning = _MEANINGS.get(reason, _MEANINGS[OTHERWISE])
    through = f" through configuration set {configuration_set}" if configuration_set else ""
    return failed(
        meaning.cause,
        f"SES refused the test message of {sender} to {to}{through} ({code}): {meaning.said}",
        expected=meaning.expected,
        found=code,
        remedy=Remedy(
            id=f"send-refused:{reason}:{configuration_set or sender}",
            summary=meaning.summary,
            owner=Owner.AWS,
            lead_time_seconds=meaning.lead_time,
            changes=(Text(meaning.what_to_do), *_calls(reason, configuration_set, region)),
            docs=DOCS,
        ),
    )


def _calls(reason: str, configuration_set: str | None, region: str) -> tuple[AwsCall, ...]:
    if reason != "configuration-set-missing" or not configuration_set:
        return ()
    one = {"ConfigurationSetName": configuration_set}
    undo = AwsCall("sesv2", "DeleteConfigurationSet", one, region)
    return (AwsCall("sesv2", "CreateConfigurationSet", one, region, undo),)
