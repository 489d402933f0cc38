"""One function for each kind of read that the site makes from Perennial."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.utils import timezone

from perennial.facts import instant
from perennial.reading.log import answers

# Completeness changes once in a site's life.
STATUS_FRESH_SECONDS = 60

IDS_MAX = 100
ENTRIES_MAX = 100
ITEMS_MAX = 1000


class Log:
    """Reads the log. With `stale`, the last known answer is good enough where there is no other."""

    def __init__(self, stale=False):
        self._stale = stale

    def get(self, path, **parameters):
        """The JSON at a path; None for a 404. Parameters that are None are left out."""
        return answers.read(_address(path, parameters), self._stale)

    def is_complete(self, types):
        """Whether the log has every contribution of these types, even from before the site began to send."""
        status = answers.read("/v1/status", self._stale, STATUS_FRESH_SECONDS)
        return all(status["coverage"][type]["complete"] for type in types)

    def user(self, user_id, **period):
        """A user's statistics; None for one whom no message has named."""
        return self.get(f"/v1/users/{user_id}", **period)

    def read_ahead(self, user_ids):
        """Fetches the statistics of users in one request for each hundred, so that `user` makes none for them."""
        ids = sorted(set(user_ids))
        for first in range(0, len(ids), IDS_MAX):
            some = ids[first : first + IDS_MAX]
            found = self.get("/v1/users", ids=",".join(map(str, some)))["users"]
            by_id = {statistics["user"]["id"]: statistics for statistics in found}
            for user_id in some:
                answers.keep(f"/v1/users/{user_id}", by_id.get(user_id))

    def page(self, board, count, page, **parameters):
        """A leaderboard page of `count` entries, and how many people are ranked in total."""
        end = count * page
        entries, total = [], 0
        limit = min(count, ENTRIES_MAX) if page == 1 else ENTRIES_MAX
        for answer in self._pages(f"/v1/leaderboards/{board}", limit, parameters):
            entries += answer["entries"]
            total = answer["total"]
            if len(entries) >= end:
                break
        return entries[end - count : end], total

    def entries(self, board, **parameters):
        """All entries of a leaderboard."""
        pages = self._pages(f"/v1/leaderboards/{board}", ENTRIES_MAX, parameters)
        return [entry for answer in pages for entry in answer["entries"]]

    def members(self, metric, **parameters):
        """The users whom a metric counts and who may be shown: not hidden, inactive or erased."""
        pages = self._pages(f"/v1/metrics/{metric}/users", ITEMS_MAX, parameters)
        return [member["user"]["id"] for answer in pages for member in answer["users"]]

    def contributions(self, user_id, limit=None, **parameters):
        """A user's contributions, newest first: all of them, or at most `limit`."""
        found = []
        path = f"/v1/users/{user_id}/contributions"
        for answer in self._pages(path, min(limit or ITEMS_MAX, ITEMS_MAX), parameters):
            if answer is None:
                break
            found += answer["contributions"]
            if limit and len(found) >= limit:
                break
        return found[:limit]

    def _pages(self, path, limit, parameters):
        cursor = None
        while True:
            answer = self.get(path, limit=limit, cursor=cursor, **parameters)
            yield answer
            cursor = answer and answer["next_cursor"]
            if not cursor:
                return


def _address(path, parameters):
    """The canonical address of an answer: parameters in a fixed order, none without a value."""
    given = {name: value for name, value in sorted(parameters.items()) if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def end_of(moment):
    """
    An end of a period as the API takes it. A date is its midnight in the site's time zone, which a time without a zone
    is in too.
    """
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return instant(timezone.make_aware(moment) if timezone.is_naive(moment) else moment)


def between(start=None, end=None):
    """The parameters of the period `[start, end)`; none without either."""
    period = {"from": start and end_of(start), "to": end and end_of(end)}
    return {**period, "time_zone": settings.TIME_ZONE} if start or end else {}


def moment_of(text):
    """The time that the API writes as `2026-11-22T10:00:00.250Z`; None for None."""
    return text and datetime.fromisoformat(text.replace("Z", "+00:00"))


def keys_in(model, ids):
    """
    The ids that can be keys of the site's rows. A query for any other number fails, and with it the transaction that the
    page may be in.
    """
    least, most = connection.ops.integer_field_range(model._meta.pk.get_internal_type())
    return [id for id in ids if least <= id <= most]


def key_of(content, model):
    """The key of the site's row for a content, or None if the content is of another type."""
    if not content or content["type"] != model._meta.label_lower:
        return None
    return next(iter(keys_in(model, [int(content["id"])])), None)
