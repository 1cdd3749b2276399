"""Why SES refused a message, told apart by its error code, and by its words where one code has several meanings.

Source: SES API v2, SendEmail, "Errors"; the older codes are those of v1.
"""

from sesgate.sending.acts import ActFailed

_BY_CODE = {
    "MailFromDomainNotVerifiedException": "mail-from-not-verified",
    "ConfigurationSetDoesNotExist": "configuration-set-missing",
    "NotFoundException": "configuration-set-missing",
    "SendingPausedException": "sending-paused",
    "AccountSendingPausedException": "sending-paused",
    "ConfigurationSetSendingPausedException": "sending-paused",
    "AccountSuspendedException": "sending-paused",
    "BadRequestException": "rejected",
}
_REJECTED = {"not verified": "not-verified", "paused": "sending-paused", "suspended": "sending-paused"}
_DISTINCT = {"Daily message quota exceeded": "quota-used-up"}


def refusal(failed: ActFailed) -> str | None:
    """The reason, as a word; None where it was no refusal of the message: denied, throttled, out of reach."""
    for words, reason in _DISTINCT.items():
        if words.lower() in failed.text.lower():
            return reason
    if failed.code == "MessageRejected":
        return next((reason for words, reason in _REJECTED.items() if words in failed.text.lower()), "rejected")
    return _BY_CODE.get(failed.code)
