"""
One GET that is over by a deadline, whatever the server does. Standard library only: a timeout of `urllib`, `requests` or
`httpx` starts anew with each piece that arrives, so a server that sends a byte now and then can hold a page for minutes.
"""

import functools
import http.client
import io
import re
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from perennial.webhook import retry_after_seconds

BODY_BYTES_MAX = 8 * 1024 * 1024


class Unavailable(Exception):
    """No usable answer came. `retry_after` is what the server asked for, in seconds."""

    def __init__(self, reason, retry_after=0):
        super().__init__(reason)
        self.retry_after = retry_after


class Refused(Exception):
    """Perennial rejected this request, and would reject it again."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    etag: str = None
    max_age: int = None
    retry_after: float = 0


class _Deadline(io.RawIOBase):
    """The receiving side of a socket, on which every wait is limited to the time that is left."""

    def __init__(self, seconds, clock):
        super().__init__()
        self._ends, self._clock = clock() + seconds, clock
        self.sock = None

    def left(self):
        left = self._ends - self._clock()
        if left <= 0:
            raise TimeoutError("no time left")
        return left

    def connect(self, host, port, tls):
        failure = OSError(f"{host} has no address")
        for *kind, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            self.sock = socket.socket(*kind)
            try:
                self.sock.settimeout(self.left())
                self.sock.connect(address)
                if tls:
                    self.sock.settimeout(self.left())
                    self.sock = tls.wrap_socket(self.sock, server_hostname=host)
                return
            except OSError as error:
                self.sock.close()
                failure = error
        raise failure

    def readable(self):
        return True

    def readinto(self, buffer):
        self.sock.settimeout(self.left())
        return self.sock.recv_into(buffer)

    def makefile(self, _mode):
        return io.BufferedReader(self)

    def close(self):
        if self.sock:
            self.sock.close()
        super().close()


@functools.lru_cache(maxsize=None)
def _tls():
    return ssl.create_default_context()


def get(url, headers, seconds, clock=time.monotonic):
    """
    Returns the Reply to one GET, or raises Unavailable after at most `seconds`. Redirects are not followed. Looking up
    the host's name is not part of the deadline: the system's resolver has its own.
    """
    place = urlsplit(url)
    secure = place.scheme == "https"
    port = place.port or (443 if secure else 80)
    # A connection without a socket of its own: it only writes the request.
    writer = http.client.HTTPConnection(place.hostname, port)
    writer.default_port = 443 if secure else 80
    deadline = _Deadline(seconds, clock)
    try:
        deadline.connect(place.hostname, port, _tls() if secure else None)
        writer.sock = deadline.sock
        writer.sock.settimeout(deadline.left())
        writer.request("GET", f"{place.path}?{place.query}" if place.query else place.path, headers=headers)
        response = http.client.HTTPResponse(deadline, method="GET")
        response.begin()
        body = response.read(BODY_BYTES_MAX + 1)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        raise Unavailable(repr(failure)) from failure
    finally:
        deadline.close()
    if len(body) > BODY_BYTES_MAX:
        raise Unavailable(f"an answer of more than {BODY_BYTES_MAX} bytes")
    max_age = re.search(r"\bmax-age=([0-9]{1,9})", response.getheader("cache-control", ""))
    return Reply(
        status=response.status,
        body=body,
        etag=response.getheader("etag"),
        max_age=int(max_age[1]) if max_age else None,
        retry_after=retry_after_seconds(response.getheader("retry-after"), time.time()),
    )
