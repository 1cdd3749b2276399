"""Simple Email Service, both versions of its API over one state.

`ses`: `account` (the answer of GetAccount), `identities` by name (the answer of GetEmailIdentity, and beside it
`VerificationToken` and `Notifications`, which only the first version of the API tells), `configuration_sets` by name
(the answer of GetConfigurationSet, and `EventDestinations`), `contact_lists` by name.
"""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.calls import ApiError

MOST_IDENTITIES = 100
_V1_STATUS = {
    "PENDING": "Pending",
    "SUCCESS": "Success",
    "FAILED": "Failed",
    "TEMPORARY_FAILURE": "TemporaryFailure",
    "NOT_STARTED": "NotStarted",
}
NEW_ACCOUNT: Mapping[str, Any] = {
    "DedicatedIpAutoWarmupEnabled": False,
    "EnforcementStatus": "HEALTHY",
    "ProductionAccessEnabled": False,
    "SendingEnabled": True,
    "SendQuota": {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0},
    "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
}
"""What every account is in every region at first: in the sandbox."""


def get_account(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {**NEW_ACCOUNT, **scope.part("ses", "account")}


def list_email_identities(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    listed = [
        {
            "IdentityType": identity.get("IdentityType", "DOMAIN"),
            "IdentityName": name,
            "SendingEnabled": identity.get("VerifiedForSendingStatus", False),
            "VerificationStatus": identity.get("VerificationStatus", "NOT_STARTED"),
        }
        for name, identity in scope.part("ses", "identities").items()
    ]
    return {"EmailIdentities": listed}


def get_email_identity(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = parameters["EmailIdentity"]
    identities = scope.part("ses", "identities")
    identity = identities.get(name) or identities.get(name.lower())
    if identity is None:
        raise ApiError("NotFoundException", f"Email identity {name} does not exist.", 404)
    policies = {title: as_text(policy) for title, policy in identity.get("Policies", {}).items()}
    return {"Tags": [], **identity, "Policies": policies}


def get_configuration_set(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"Tags": [], **_configuration_set(scope, parameters)}


def list_configuration_sets(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"ConfigurationSets": list(scope.part("ses", "configuration_sets"))}


def get_event_destinations(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"EventDestinations": _configuration_set(scope, parameters).get("EventDestinations", [])}


def list_contact_lists(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"ContactLists": [{"ContactListName": name} for name in scope.part("ses", "contact_lists")]}


def get_verification_attributes(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "VerificationAttributes": {
            name: {
                "VerificationStatus": _V1_STATUS[identity.get("VerificationStatus", "NOT_STARTED")],
                "VerificationToken": identity.get("VerificationToken"),
            }
            for name, identity in _named(scope, parameters)
        }
    }


def get_notification_attributes(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "NotificationAttributes": {
            name: {
                "ForwardingEnabled": identity.get("FeedbackForwardingStatus", True),
                "HeadersInBounceNotificationsEnabled": False,
                "HeadersInComplaintNotificationsEnabled": False,
                "HeadersInDeliveryNotificationsEnabled": False,
                **identity.get("Notifications", {}),
            }
            for name, identity in _named(scope, parameters)
        }
    }


def _configuration_set(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = parameters["ConfigurationSetName"]
    found = scope.part("ses", "configuration_sets").get(name)
    if found is None:
        raise ApiError("NotFoundException", f"Configuration set <{name}> does not exist.", 404)
    return {"ConfigurationSetName": name, **found}


def _named(scope: Scope, parameters: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Names as they were asked for, and the identities; a name that is no identity is left out, as SES does."""
    names = parameters.get("Identities", [])
    if len(names) > MOST_IDENTITIES:
        raise ApiError("InvalidParameterValue", f"At most {MOST_IDENTITIES} identities can be asked for at once.", 400)
    identities = scope.part("ses", "identities")
    return [(name, identities[name]) for name in names if name in identities]


OPERATIONS = {
    ("sesv2", "GetAccount"): get_account,
    ("sesv2", "ListEmailIdentities"): list_email_identities,
    ("sesv2", "GetEmailIdentity"): get_email_identity,
    ("sesv2", "GetConfigurationSet"): get_configuration_set,
    ("sesv2", "ListConfigurationSets"): list_configuration_sets,
    ("sesv2", "GetConfigurationSetEventDestinations"): get_event_destinations,
    ("sesv2", "ListContactLists"): list_contact_lists,
    ("ses", "GetIdentityVerificationAttributes"): get_verification_attributes,
    ("ses", "GetIdentityNotificationAttributes"): get_notification_attributes,
}
