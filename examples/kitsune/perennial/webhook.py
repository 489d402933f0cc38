"""One signed request to Perennial. Standard library only."""

import base64
import email.utils
import hashlib
import hmac
import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

ANSWER_BYTES_MAX = 4 * 1024 * 1024

# A longer Retry-After is a mistake.
RETRY_AFTER_SECONDS_MAX = 3600


@dataclass
class Answer:
    """An answer. Status 0 means that none came, so the message may or may not have been accepted."""

    status: int
    body: bytes
    retry_after: float = 0


def sign(secret, webhook_id, timestamp, body):
    """The value of `webhook-signature` (Standard Webhooks, symmetric). `secret` is `whsec_<base64>`."""
    key = base64.b64decode(secret[len("whsec_") :], validate=True)
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def retry_after_seconds(header, now):
    """The seconds of a `Retry-After`, which may be an HTTP date: at most an hour; 0 when it is missing
    or invalid."""
    if not header:
        return 0
    if header.strip().isdigit():
        return min(float(header), RETRY_AFTER_SECONDS_MAX)
    try:
        wait = email.utils.parsedate_to_datetime(header).timestamp() - now
        return min(max(wait, 0), RETRY_AFTER_SECONDS_MAX)
    except (TypeError, ValueError):
        return 0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would turn a redirected POST into a GET, whose 200 would look like an answer to the POST."""

    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url, secret, webhook_id, body, timeout_seconds):
    """Signs with the current time and sends. Returns an Answer even when the connection fails."""
    now = time.time()
    timestamp = str(int(now))
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(secret, webhook_id, timestamp, body),
    }
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with _opener.open(request, timeout=timeout_seconds) as response:
            return Answer(response.status, response.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as refusal:
        with refusal:
            try:
                text = refusal.read(ANSWER_BYTES_MAX)
            except (OSError, http.client.HTTPException):
                text = b""
            wait = retry_after_seconds(refusal.headers.get("retry-after"), time.time())
            return Answer(refusal.code, text, wait)
    except (OSError, http.client.HTTPException) as failure:
        return Answer(0, repr(failure).encode())
