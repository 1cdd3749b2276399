"""What EKS sets in pods whose service account has an IAM role.

Sources: aws/amazon-eks-pod-identity-webhook, README; EKS user guide, "Understand how EKS Pod Identity works".
"""

from collections.abc import Mapping

from sesgate.evidence.environment.documents import shown
from sesgate.evidence.environment.kubernetes_objects import Manifest, Workload

_ROLE = "eks.amazonaws.com/role-arn"
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_BY_ASSOCIATION = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")


def of_the_role(manifest: Manifest, workload: Workload) -> tuple[Mapping[str, str | None], Mapping[str, str]]:
    """What is set because of an annotated service account, and what may be, with why that can't be told.

    An association of EKS Pod Identity stands in no manifest; somebody who names a service account may have made one.
    """
    name = workload.spec.text("serviceAccountName") or workload.spec.text("serviceAccount")
    role = manifest.annotation("ServiceAccount", name or "default", workload.namespace, _ROLE)
    if role is not None:
        return {**dict.fromkeys((*_REGIONS, "AWS_WEB_IDENTITY_TOKEN_FILE")), "AWS_ROLE_ARN": role}, {}
    if name is None or name == "default":
        return {}, {}
    why = (
        f"EKS sets it where the service account {shown(name)} has a role (by EKS Pod Identity, or by the annotation "
        f"{_ROLE}), which this file does not tell: set it in the manifest"
    )
    return {}, dict.fromkeys((*_REGIONS, "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", *_BY_ASSOCIATION), why)
