"""Reads Perennial's public API: never slower than a second, never twice, never without a deadline."""

from perennial.reading.log.client import Refused, Unavailable
from perennial.reading.log.reader import Log

__all__ = ["Log", "Refused", "Unavailable"]
