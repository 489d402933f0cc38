"""Where two results of one function differ, by name and amount."""

from datetime import datetime

from django.db.models import Model, QuerySet

# The keys that name an element of a list, in this order of preference. Elements without any are named by their place.
NAMES = ("term", "username", "date", "start")

# A person's identity is not an amount, and does not belong in a log file.
PROFILE = {"id", "username", "display_name", "avatar"}

DIFFERENCES_MAX = 20


def amounts(result, name=""):
    """
    A result as a flat dictionary: `{"42 count": 9, "total": 812}`. Numbers, times and texts have an amount of their own;
    a row of the database is worth 1, so that who is on one list only is a difference.
    """
    if isinstance(result, Model):
        return {f"{name}{result.pk}".strip(): 1}
    if isinstance(result, dict):
        parts = [(key, value) for key, value in result.items() if key not in PROFILE]
    elif isinstance(result, tuple) and isinstance(result[0], list):
        parts = [(None, result[0]), ("total", result[1])]
    elif isinstance(result, (list, tuple, set, QuerySet)):
        parts = [_named(place, element) for place, element in enumerate(result)]
    else:
        return {name.strip(): _cut(result)}
    flat = {}
    for part, value in parts:
        flat.update(amounts(value, name if part is None else f"{name}{part} "))
    return flat


def _cut(value):
    """Truncates to milliseconds, as the log does."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value


def _named(place, element):
    """The name and the rest of a list's element."""
    if isinstance(element, Model):
        return None, element
    if isinstance(element, dict):
        for key in NAMES:
            if key in element:
                return element[key], {name: value for name, value in element.items() if name != key}
    if isinstance(element, (int, str)):
        return element, 1
    return place, element


def differences(live, log):
    """The differences: `{name: (live, log)}`. A name that one of them lacks is None there; None and 0 are equal."""
    before, after = amounts(live), amounts(log)
    names = [*before, *(name for name in after if name not in before)]
    both = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (one, other) for name, (one, other) in both.items() if (one or None) != (other or None)}


def described(found):
    """Differences as a line of a log file: `42 count: live 9, log 10 (+1)`."""
    lines = [f"{name}: {_compared(*pair)}".lstrip(": ") for name, pair in found.items()]
    more = len(lines) - DIFFERENCES_MAX
    return "; ".join(lines[:DIFFERENCES_MAX] + ([f"and {more} more"] if more > 0 else []))


def _compared(live, log):
    numbers = all(value is None or isinstance(value, (int, float)) for value in (live, log))
    by = f" ({(log or 0) - (live or 0):+})" if numbers else ""
    return f"live {_shown(live)}, log {_shown(log)}{by}"


def _shown(value):
    return "nothing" if value is None else value
