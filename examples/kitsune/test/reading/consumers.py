"""Every place of Kitsune that shows a number, as calls of the reading kit with the arguments that Kitsune gives."""

import time
from datetime import date, timedelta
from unittest import mock

from cluster import HANG_SECONDS
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test.utils import override_settings
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.sumo.models import midnight
from perennial.reading import community, kpi, questions, users, wiki
from perennial.reading.log import Log, Unavailable, answers, budget


def of_user(user):
    """`users/views.py`, `users/api.py`, `questions/models.py`, `users/models.py`, the badges."""
    yield questions.num_questions, (user,), {}
    yield questions.num_answers, (user,), {}
    yield questions.num_solutions, (user,), {}
    yield users.num_documents, (user,), {}
    yield users.answer_helpfulness, (user,), {}
    yield users.last_answer_date, (user,), {}
    yield users.last_contribution_date, (user,), {}
    yield users.answers_contributed, (user,), {}
    yield wiki.user_documents, (user,), {}
    year = timezone.localtime().year
    for each in (year - 1, year):
        yield questions.num_answers_in_year, (user, each), {}
        yield wiki.num_reviews_in_year, (user, each), {}


def of_boards():
    """`community/views.py`, `karma/tasks.py`, `users/api.py`, `community/tasks.py`."""
    product = Product.objects.get(slug="firefox")
    boards = community.top_contributors_questions, community.top_contributors_kb, community.top_contributors_l10n
    for board in boards:
        yield board, (), {"product": None}
        yield board, (), {"product": product, "count": 100, "page": 1}
        yield board, (), {"count": 7, "page": 3}
        yield board, (), {"count": 100, "page": 9}
        yield board, (), {"locale": "de"}
        start = timezone.localdate() - timedelta(days=60)
        yield board, (), {"start": midnight(start), "end": midnight(start + timedelta(days=30)), "locale": "fr"}
    start = timezone.localdate() - timedelta(days=80)
    yield community.top_contributors_l10n, (), {"start": start, "end": start + timedelta(days=20)}
    yield community.top_contributors_questions, (), {"count": 25}
    yield users.weekly_solutions, (), {}


def of_locales(today):
    """`wiki/locale_views.py`, `dashboards/tasks.py`."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    product = Product.objects.get(slug="mobile")
    for locale in ("en-US", "de", "xx"):
        yield wiki.active_contributors, (), {"from_date": today - timedelta(days=90), "locale": locale}
        for each in (None, product):
            period = {"from_date": before, "to_date": month, "locale": locale, "product": each}
            yield wiki.num_active_contributors, (), period
    yield wiki.num_active_contributors, (before, month), {}


def of_kpi(today):
    """`kpi/tasks.py`, `kpi/api.py`, `questions/tasks.py`."""
    for day in (today, date(today.year, 3, 20), today - timedelta(days=400)):
        yield kpi.support_forum_contributors, (day,), {}
        yield kpi.kb_contributors, (day,), {}
    yield kpi.contributor_metrics, (today - timedelta(days=20), today), {}
    for kind in ("contributor:kb:en-US", "contributor:kb:l10n", "contributor:supportforum:helper"):
        yield kpi.cohorts, (kind, today), {}
    yield kpi.helpful_answer_votes, (), {}


def every(today, sample):
    """All calls whose live result equals the log's, on a site without the differences that docs/kitsune.md names."""
    for user in User.objects.filter(pk__in=sample).order_by("pk"):
        yield from of_user(user)
    yield from of_boards()
    yield from of_locales(today)
    yield from of_kpi(today)


def staged_functions():
    """Every function of the reading kit that has a stage."""
    modules = (community, kpi, questions, users, wiki)
    named = {id(value): value for module in modules for value in vars(module).values() if hasattr(value, "live")}
    return list(named.values())


def live(call):
    """The result of the site's own function."""
    function, args, kwargs = call
    with override_settings(PERENNIAL_STAGE="live"):
        return function(*args, **kwargs)


def patient():
    """Sets no time limit for Perennial where a test is about numbers, because the machine may be busy."""
    return mock.patch.object(budget, "SECONDS", HANG_SECONDS)


def read(call):
    """The log's result, never a live number instead. Repeats the request after a 503, as callers do."""
    function, args, kwargs = call
    deadline = time.monotonic() + HANG_SECONDS
    while True:
        try:
            return function.__wrapped__(Log(), *args, **kwargs)
        except Unavailable:
            if time.monotonic() > deadline:
                raise
            answers.breaker.succeeded()
            time.sleep(0.1)


def read_now(call):
    """The same, with an empty cache."""
    cache.clear()
    return read(call)


def title(call):
    """A call as a line of the log file names it."""
    function, args, kwargs = call
    shown = [str(getattr(value, "pk", value)) for value in args]
    shown += [f"{name}={getattr(value, 'pk', value)}" for name, value in kwargs.items()]
    return f"{function.__name__}({', '.join(shown)})"
