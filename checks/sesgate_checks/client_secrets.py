"""Does a mobile or web client hold credentials of AWS, or access to SES?"""

from collections.abc import Iterator, Sequence

from sesgate.check import NoOptions, check
from sesgate.clients import ClientHit, ClientSight
from sesgate.context import Context
from sesgate.finding import (
    DAY,
    HOUR,
    AwsCall,
    Change,
    Finding,
    Location,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    unseen,
)
from sesgate.secrets import Kind
from sesgate.subjects import ClientFile

KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html"
SMTP = "https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html"
SENDING = "https://docs.aws.amazon.com/ses/latest/dg/send-email-concepts-credentials.html"
_TEMPORARY = frozenset({Kind.TEMPORARY_KEY_ID, Kind.SESSION_TOKEN})
_SAID = {
    Kind.ACCESS_KEY_ID: "an AWS access key id",
    Kind.TEMPORARY_KEY_ID: "a temporary AWS access key id",
    Kind.SECRET_ACCESS_KEY: "an AWS secret access key",
    Kind.SESSION_TOKEN: "an AWS session token",
    Kind.SMTP_PASSWORD: "an SES SMTP password",
    Kind.SMTP_HOST: "the SES SMTP host",
    Kind.API_HOST: "the SES end point",
    Kind.SDK: "an SES client",
}
_SHOWN = 3
_MOVE = Text("Let the client ask the application's API, and let the API send with its own role, to addresses it chose.")


@check(
    id="client-secrets",
    each=ClientFile,
    asked_by="clients",
    serves="Mobile and web clients hold no SES access",
    severity=Severity.BLOCKER,
    reads=[],
    local=True,
    causes={
        "aws-access-key": Severity.BLOCKER,
        "aws-secret-key": Severity.BLOCKER,
        "aws-temporary-key": Severity.BLOCKER,
        "smtp-credentials": Severity.BLOCKER,
        "ses-endpoint": Severity.BLOCKER,
        "ses-sdk": Severity.BLOCKER,
    },
)
def client_secrets(subject: ClientFile, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """What whoever installs the client can read in it. Source: the files of the client, archives included."""
    if subject.not_seen:
        raise subject.not_seen
    if subject.file is not None:
        yield from _in_file(subject, subject.file)
    elif subject.sight is None:
        yield unseen(f"there is no {subject.client.path} beside the gate: nothing was looked at")
    elif subject.sight.is_whole:
        yield passed(_nothing(subject, subject.sight))
    else:
        yield unseen(_not_whole(subject.client.path, subject.sight))


def _nothing(subject: ClientFile, sight: ClientSight) -> str:
    what = {"aws_credentials": "AWS credentials", "ses": "access to SES"}
    wanted = " and no ".join(what[each] for each in subject.client.must_not)
    examples = sum(hit.example for hits in sight.hits.values() for hit in hits)
    notes = [f"{count:,} {reason} left out" for reason, count in sight.left_out.items()]
    if examples:
        notes.append(f"{examples} examples from AWS's own documentation do not count")
    files = f"{sight.files:,} files" if sight.files > 1 else "one file"
    told = f"no {wanted} in {files}" + (" of a build" if sight.kind == "build" else "")
    return told + (f"; {', '.join(notes)}" if notes else "")


def _not_whole(path: str, sight: ClientSight) -> str:
    """Why no pass can be told: the reason that weighs most."""
    if sight.cut:
        return f"only a part of {path} was looked at ({sight.files:,} files): {sight.cut}"
    if sight.unseen:
        more = len(sight.unseen) + sight.unseen_more - 1
        file, reason = sight.unseen[0]
        return f"{file} in {path} could not be looked at: {reason}" + (f"; and {more} more files" if more else "")
    if sight.files_more:
        return f"{sight.files_more} more files of {path} give something away than can be told here"
    left = ", ".join(f"{count:,} {reason}" for reason, count in sight.left_out.items())
    return f"{path} holds no file that was looked at" + (f" (left out: {left})" if left else "")


def _in_file(subject: ClientFile, file: str) -> Iterator[Finding]:
    """One finding for each cause; halves of one thing are told together."""
    hits = list(subject.hits)
    kinds = {hit.kind for hit in hits}
    groups: list[tuple[str, frozenset[Kind]]] = []
    if Kind.SMTP_PASSWORD in kinds:
        halves = {Kind.SMTP_PASSWORD, Kind.SMTP_HOST}
        groups.append(("smtp-credentials", frozenset(halves | ({Kind.ACCESS_KEY_ID} - _with_secret(kinds)))))
    if Kind.SECRET_ACCESS_KEY in kinds and not kinds & _TEMPORARY:
        groups.append(("aws-secret-key", frozenset({Kind.SECRET_ACCESS_KEY, Kind.ACCESS_KEY_ID})))
    groups += [
        ("aws-temporary-key", _TEMPORARY | {Kind.SECRET_ACCESS_KEY}),
        ("aws-access-key", frozenset({Kind.ACCESS_KEY_ID})),
        ("ses-endpoint", frozenset({Kind.SMTP_HOST, Kind.API_HOST})),
        ("ses-sdk", frozenset({Kind.SDK})),
    ]
    for cause, of in groups:
        found = [hit for hit in hits if hit.kind in of]
        hits = [hit for hit in hits if hit.kind not in of]
        if found:
            yield _finding(subject, file, cause, found)


def _with_secret(kinds: set[Kind]) -> set[Kind]:
    """An access key id beside a secret belongs to that, not to an SMTP password."""
    return {Kind.ACCESS_KEY_ID} if Kind.SECRET_ACCESS_KEY in kinds else set()


def _finding(subject: ClientFile, file: str, cause: str, found: Sequence[ClientHit]) -> Finding:
    first = found[0]
    told = ", ".join(f"{_SAID[hit.kind]}{_shown(hit)} in line {hit.line}" for hit in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    why = (
        "whoever has the client has them"
        if any(hit.kind.is_credential for hit in found)
        else "a client that speaks to SES itself needs credentials that whoever has it can take"
    )
    inside = file.partition("!/")
    base = subject.client.path.rstrip("/")
    path = base if subject.is_file else f"{base}/{inside[0]}"
    line, column = (1, 1) if inside[1] else (first.line, first.column)
    return failed(
        cause,
        f"{file} holds {told}{more}: {why}",
        expected="nothing of it in a client",
        found=f"{len(found)} in {file}",
        remedy=_remedy(subject, file, cause, first),
        location=Location(path, line, column),
    )


def _shown(hit: ClientHit) -> str:
    return f" ({hit.shown})" if hit.shown else ""


def _remedy(subject: ClientFile, file: str, cause: str, first: ClientHit) -> Remedy:
    place = f"{file}, line {first.line}"
    name = f"{subject.client.path}:{file}"
    match cause:
        case "aws-access-key" | "aws-secret-key":
            return Remedy(
                id=f"rotate-client-key:{name}",
                summary=f"Deactivate the key in {file}, then take it out of the client",
                owner=Owner.IAM,
                lead_time_seconds=HOUR,
                changes=(*_off(place), _MOVE, _HISTORY),
                docs=KEYS,
            )
        case "smtp-credentials":
            return Remedy(
                id=f"rotate-client-key:{name}",
                summary=f"Deactivate the SMTP user in {file}, then take it out of the client",
                owner=Owner.IAM,
                lead_time_seconds=HOUR,
                changes=(*_off(place), _MOVE, _HISTORY),
                docs=SMTP,
            )
        case "aws-temporary-key":
            return Remedy(
                id=f"revoke-client-session:{name}",
                summary=f"Revoke the session whose credentials are in {file}, then take them out of the client",
                owner=Owner.IAM,
                lead_time_seconds=HOUR,
                changes=(
                    Text("Revoke the role's older sessions (IAM console, the role, Revoke active sessions)."),
                    _MOVE,
                    _HISTORY,
                ),
                docs="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
            )
    return Remedy(
        id=f"move-sending:{name}",
        summary=f"Take what speaks to SES out of {file}, and send from the API",
        owner=Owner.APPLICATION,
        lead_time_seconds=DAY,
        changes=(_MOVE,),
        docs=SENDING,
    )


_HISTORY = Text("A build that is out, and the history of the repository, keep it: only a key that is off is harmless.")


def _off(place: str) -> tuple[Change, ...]:
    """The key is told by its place: what is a secret, or leads to one, is in no report."""
    key = f"<the key id in {place}>"
    user = "<its user, as GetAccessKeyLastUsed tells>"

    def put(status: str, undo: AwsCall | None = None) -> AwsCall:
        parameters = {"UserName": user, "AccessKeyId": key, "Status": status}
        return AwsCall("iam", "UpdateAccessKey", parameters, undo=undo)

    return (
        Text("Ask whose key it is: aws iam get-access-key-last-used --access-key-id …"),
        put("Inactive", put("Active")),
    )
