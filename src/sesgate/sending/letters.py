"""The message of a test send, as SendEmail takes it."""

from collections.abc import Mapping
from typing import Any

SIMULATOR = "simulator.amazonses.com"


def labelled(address: str, nonce: str) -> str:
    """A simulator address with the nonce as its label; any other address as it is."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{nonce}@{domain}" if domain.lower() == SIMULATOR else address


def letter(asked: Mapping[str, Any], to: str, nonce: str) -> dict[str, Any]:
    """The parameters of SendEmail. The set is left out where the identity's own default is to apply."""
    text = (
        "This is a test message of sesgate, the go-live gate. It was sent by the person or pipeline that ran the gate, "
        f"not by the application.\n\nTest {nonce}\n"
    )
    body = {"Text": {"Data": text, "Charset": "UTF-8"}}
    subject = {"Data": f"Test message {nonce}", "Charset": "UTF-8"}
    parameters: dict[str, Any] = {
        "FromEmailAddress": asked["from"],
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": {"Subject": subject, "Body": body}},
    }
    if asked.get("configuration_set"):
        parameters["ConfigurationSetName"] = asked["configuration_set"]
    if asked.get("reply_to"):
        parameters["ReplyToAddresses"] = [asked["reply_to"]]
    return parameters
