"""What checks look at: the kinds of subject, and how each is found in the gate or in the account."""

from sesgate.subjects.base import Path, Subject
from sesgate.subjects.clients import Attestation, ClientFile
from sesgate.subjects.databases import Database
from sesgate.subjects.keys import KeyHolder
from sesgate.subjects.principals import SendingPrincipal
from sesgate.subjects.recipients import Recipient
from sesgate.subjects.regions import Named, RegionUse
from sesgate.subjects.roles import Role, RoleAction, RoleStatement
from sesgate.subjects.senders import Account, Feedback, Identity, LentIdentity, ReplyMailbox, Sender, SenderDomain
from sesgate.subjects.services import Service
from sesgate.subjects.variables import Variable

__all__ = [
    "Account",
    "Attestation",
    "ClientFile",
    "Database",
    "Feedback",
    "Identity",
    "KeyHolder",
    "LentIdentity",
    "Named",
    "Path",
    "Recipient",
    "RegionUse",
    "ReplyMailbox",
    "Role",
    "RoleAction",
    "RoleStatement",
    "Sender",
    "SenderDomain",
    "SendingPrincipal",
    "Service",
    "Subject",
    "Variable",
]
