"""Credentials that look real and are none, made when a test runs, so that no scanner of this repository has to care."""

import hashlib
from base64 import b32encode, b64encode

_DIGEST = hashlib.sha256(b"nobody's").digest()
KEY_ID = "AKIA" + b32encode(_DIGEST).decode()[:16]
TEMPORARY_ID = "ASIA" + b32encode(_DIGEST[::-1]).decode()[:16]
SECRET = b64encode(_DIGEST * 2).decode()[:40]
SMTP_PASSWORD = b64encode(b"\x04" + _DIGEST).decode()[:44]
SESSION_TOKEN = "IQoJb3JpZ2lu" + b64encode(_DIGEST * 8).decode()[:200]
EXAMPLE_ID = "AKIA" + "IOSFODNN7" + "EXAMPLE"
