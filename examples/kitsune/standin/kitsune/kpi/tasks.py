"""The numbers that Kitsune's KPI tasks compute and store."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F

from kitsune.questions.models import Answer
from kitsune.sumo.models import midnight
from kitsune.wiki.models import Revision

COHORT_WEEKS = 12


def support_forum_contributors(day):
    answers = Answer.objects.exclude(creator=F("question__creator"))
    answers = answers.filter(created__gte=midnight(day - timedelta(days=30)), created__lt=midnight(day))
    return answers.values("creator").annotate(number=Count("creator")).filter(number__gte=10).count()


def kb_contributors(day):
    start, end = midnight(day - timedelta(days=30)), midnight(day)
    edits = Revision.objects.filter(created__gte=start, created__lt=end)
    reviews = Revision.objects.filter(reviewed__gte=start, reviewed__lt=end)
    edited = set(edits.values_list("document__locale", "creator"))
    reviewed = set(reviews.values_list("document__locale", "reviewer"))
    default = settings.WIKI_DEFAULT_LANGUAGE
    both = edited | reviewed
    return (
        len({user for locale, user in both if locale == default}),
        len({user for locale, user in both if locale != default}),
    )


def _sources(kind):
    """The contributions of each kind of cohort, table by table, as (user, time, key)."""
    answers = Answer.objects.exclude(creator=F("question__creator")).values_list("creator", "created", "pk")
    revisions = Revision.objects.all()
    if kind == "contributor:kb:en-US":
        revisions = revisions.filter(document__locale=settings.WIKI_DEFAULT_LANGUAGE)
    if kind == "contributor:kb:l10n":
        revisions = revisions.exclude(document__locale=settings.WIKI_DEFAULT_LANGUAGE)
    edits = [
        *revisions.values_list("creator", "created", "pk"),
        *revisions.exclude(reviewer=None).values_list("reviewer", "created", "pk"),
    ]
    if kind == "contributor:supportforum:helper":
        return [list(answers)]
    return [edits, list(answers)] if kind == "contributor" else [edits]


def cohorts(kind, today):
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(COHORT_WEEKS, 0, -1)]
    bounds = {start: (midnight(start), midnight(start + timedelta(weeks=1))) for start in starts}
    sources = _sources(kind)

    def active(start):
        begin, end = bounds[start]
        return {user for source in sources for user, at, _key in source if begin <= at < end}

    members = {start: set() for start in starts}
    for source in sources:
        first = {}
        for user, at, key in sorted(source, key=lambda one: one[2]):
            first.setdefault(user, at)
        for start, (begin, end) in bounds.items():
            members[start] |= {user for user, at in first.items() if begin <= at < end}
    return [
        {
            "kind": kind,
            "start": start,
            "end": start + timedelta(weeks=1),
            "size": len(members[start]),
            "retention_metrics": [
                {"start": later, "end": later + timedelta(weeks=1), "size": len(members[start] & active(later))}
                for later in starts
                if later >= start
            ],
        }
        for start in starts
    ]
