"""The models of the gate definition, a module for each group of sections. They do no I/O."""

from sesgate.gate.models.api import Api, ApiContract, Business, Probe, ReadyMade, SenderField
from sesgate.gate.models.gate import Gate
from sesgate.gate.models.judging import CauseSettings, CheckSettings, Waiver
from sesgate.gate.models.release import Attestation, Client, Database, TestSend
from sesgate.gate.models.requests import Expect, Request, Sent
from sesgate.gate.models.roles import Need, Role
from sesgate.gate.models.senders import Aws, Dns, Sender, Volume
from sesgate.gate.models.services import Meaning, Service, Variable
from sesgate.gate.models.shapes import ResolverAddress, arn_parts, is_address, is_region, resolver_address
from sesgate.gate.models.sources import EcsService, EcsTaskDefinition, FileService, KubernetesManifest, Source

__all__ = [
    "Api",
    "ApiContract",
    "Attestation",
    "Aws",
    "Business",
    "CauseSettings",
    "CheckSettings",
    "Client",
    "Database",
    "Dns",
    "EcsService",
    "EcsTaskDefinition",
    "Expect",
    "FileService",
    "Gate",
    "KubernetesManifest",
    "Meaning",
    "Need",
    "Probe",
    "ReadyMade",
    "Request",
    "ResolverAddress",
    "Role",
    "Sender",
    "SenderField",
    "Sent",
    "Service",
    "Source",
    "TestSend",
    "Variable",
    "Volume",
    "Waiver",
    "arn_parts",
    "is_address",
    "is_region",
    "resolver_address",
]
