"""Who can send as the gate's senders, and by which way: everyone in the account, and whom identity policies let in."""

from sesgate.access.mailers.aims import Aims, aims
from sesgate.access.mailers.authorizations import Authorization, Guest, Invitation, as_arn, authorizations
from sesgate.access.mailers.meant import Meant
from sesgate.access.mailers.survey import MAILER_READS, Mailer, Survey, survey
from sesgate.access.mailers.ways import Means, Way
from sesgate.access.mailers.words import short

__all__ = [
    "MAILER_READS",
    "Aims",
    "Authorization",
    "Guest",
    "Invitation",
    "Mailer",
    "Means",
    "Meant",
    "Survey",
    "Way",
    "aims",
    "as_arn",
    "authorizations",
    "short",
    "survey",
]
