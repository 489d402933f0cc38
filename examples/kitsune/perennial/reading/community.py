"""`kitsune.community.utils` and `kitsune.community.tasks`, from the log."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from kitsune.users.models import Profile
from perennial.facts import CONTRIBUTORS
from perennial.reading.log.reader import between, keys_in, moment_of
from perennial.reading.people import with_people
from perennial.reading.stages import staged

# Kitsune's boards show the last 90 days unless they are given a start.
DEFAULT_WINDOW = "90d"

# People whose first contribution was earlier got the mail from an earlier run.
WELCOME_DAYS = 30


def _no_entries():
    return [], 0


def _span(start, end):
    """Kitsune's ends are inclusive; the log's end is not."""
    if not start and not end:
        return {"window": DEFAULT_WINDOW}
    if not start:
        start = timezone.now() - timedelta(days=90)
    return between(start, _after(end))


def _after(end):
    if isinstance(end, datetime):
        return end + timedelta(milliseconds=1)
    return end and end + timedelta(days=1)


def _slug(product):
    return getattr(product, "slug", product or "").lower() or None


def _page(log, board, count, page, start, end, locale, product, **more):
    filters = {"locale": locale or None, "product": _slug(product), **_span(start, end), **more}
    return log.page(board, count, max(page, 1), **filters)


@staged("kitsune.community.utils.top_contributors_questions", types=["answer"], empty=_no_entries)
def top_contributors_questions(log, start=None, end=None, locale=None, product=None, count=10, page=1):
    """A page of the board `support-forum` for people in a contributor group, and how many people are on it."""
    entries, total = _page(
        log, "support-forum", count, page, start, end, locale, product, group=CONTRIBUTORS
    )
    now = timezone.now()

    def row(entry, user, avatar):
        id = str(user.pk)  # as the search index gives it
        person = {
            "id": id,
            "username": user.username,
            "display_name": user.profile.name,
            "avatar": avatar,
            "days_since_last_activity": (now - moment_of(entry["last_contribution_at"])).days,
        }
        return {"count": entry["count"], "term": id, "user": person}

    return [row(*one) for one in with_people(entries)], total


@staged("kitsune.community.utils.top_contributors_kb", types=["kb_edit"], empty=_no_entries)
def top_contributors_kb(log, **kwargs):
    """The board `kb`."""
    return _editors(log, **{**kwargs, "locale": settings.WIKI_DEFAULT_LANGUAGE})


@staged("kitsune.community.utils.top_contributors_l10n", types=["kb_edit"], empty=_no_entries)
def top_contributors_l10n(
    log, start=None, end=None, locale=None, product=None, count=10, page=1, use_cache=True
):
    """The board `l10n`; with the default locale the board `kb`. `use_cache` changes nothing: every answer is kept."""
    return _editors(log, start, end, locale, product, count, page)


def _editors(
    log, start=None, end=None, locale=None, product=None, count=10, page=1, use_cache=True
):
    board = "kb" if locale == settings.WIKI_DEFAULT_LANGUAGE else "l10n"
    entries, total = _page(log, board, count, page, start, end, locale, product)

    def row(entry, user, avatar):
        person = {
            "id": user.pk,
            "username": user.username,
            "display_name": user.profile.display_name,
            "avatar": avatar,
        }
        return {"term": user.pk, "count": entry["count"], "user": person}

    return [row(*one) for one in with_people(entries)], total


def _newcomers(log, board, before, sent):
    """The people on a board over the 30 days before an instant who have not had the mail that `sent` stands for."""
    entries = log.entries(board, **between(before - timedelta(days=WELCOME_DAYS), before))
    ids = keys_in(User, [entry["user"]["id"] for entry in entries])
    return set(Profile.objects.filter(pk__in=ids, **{sent: False}).values_list("pk", flat=True))


@staged("kitsune.community.tasks.first_answer_recipients", types=["answer"], empty=set)
def first_answer_recipients(log, before):
    """The ids of those to congratulate on their first answer to another user's question."""
    return _newcomers(log, "support-forum", before, "first_answer_email_sent")


@staged("kitsune.community.tasks.first_l10n_recipients", types=["kb_edit"], empty=set)
def first_l10n_recipients(log, before):
    """The ids of those to congratulate on their first edit in another language."""
    return _newcomers(log, "l10n", before, "first_l10n_email_sent")
