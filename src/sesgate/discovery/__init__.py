"""What a first gate could be about: asked of the account, the DNS and the working folder, through the evidence."""

from sesgate.discovery.account import Account, look_at_account
from sesgate.discovery.closer import look_closer
from sesgate.discovery.folder import look_at_folder
from sesgate.discovery.look import Look

__all__ = ["Account", "Look", "look_at_account", "look_at_folder", "look_closer"]
