"""`kitsune.kpi.tasks` and `kitsune.kpi.api`, from the log."""

from datetime import date, datetime, timedelta, timezone

from django.conf import settings

from perennial.reading.log.reader import between
from perennial.reading.stages import staged

COHORT_WEEKS = 12
SERIES_DAYS = 365

# Whose activity makes a cohort: the rule of this metric, without its threshold and its window.
COHORT_RULES = {
    "contributor": "active_contributors",
    "contributor:kb:en-US": "kb_contributors",
    "contributor:kb:l10n": "l10n_contributors",
    "contributor:supportforum:helper": "support_forum_contributors",
}

ACTIVITY = ["answer", "solution", "kb_edit", "kb_review", "helpful_vote"]


def _history(log, metric, first, last):
    """A metric for each date of a range, including its last day: `{date: value}`. At most 1,000 dates."""
    points = log.get(f"/v1/metrics/{metric}/history", **between(first, last + timedelta(days=1)))["points"]
    return {date.fromisoformat(point["date"]): point["value"] for point in points}


@staged("kitsune.kpi.tasks.support_forum_contributors", types=["answer"], empty=lambda: None)
def support_forum_contributors(log, day):
    """Who gave at least 10 answers to others in the 30 days before a date, in the site's time zone."""
    return _history(log, "support_forum_contributors", day, day)[day]


@staged("kitsune.kpi.tasks.kb_contributors", types=["kb_edit", "kb_review"], empty=lambda: (None, None))
def kb_contributors(log, day):
    """Who edited or reviewed in the 30 days before a date: `(in the default locale, in the others)`."""
    return _history(log, "kb_contributors", day, day)[day], _history(log, "l10n_contributors", day, day)[day]


@staged("kitsune.kpi.api.contributor_metrics", types=["answer", "kb_edit", "kb_review"], empty=list)
def contributor_metrics(log, first, last):
    """The three numbers for each date of a range, newest first, as `/api/v1/kpi/contributors` shows them."""
    en_us, l10n, forum = (
        _history(log, metric, first, last)
        for metric in ("kb_contributors", "l10n_contributors", "support_forum_contributors")
    )
    return [
        {"date": day, "en_us": en_us[day], "non_en_us": l10n[day], "support_forum": forum[day]}
        for day in sorted(en_us, reverse=True)
    ]


@staged("kitsune.kpi.tasks.cohorts", types=ACTIVITY, empty=list)
def cohorts(log, kind, today):
    """The twelve weeks before this one's Monday: who began in each, and how many of them came back in each later one."""
    end = today - timedelta(days=today.weekday())
    begin = end - timedelta(weeks=COHORT_WEEKS)
    found = log.get(
        "/v1/community/cohorts", rule=COHORT_RULES[kind], interval="week", **between(begin, end)
    )["cohorts"]
    return [
        {
            "kind": kind,
            **_week(cohort["date"]),
            "size": cohort["size"],
            "retention_metrics": [
                {**_week(later["date"]), "size": later["active"]} for later in cohort["retention"]
            ],
        }
        for cohort in found
    ]


def _week(monday):
    start = date.fromisoformat(monday)
    return {"start": start, "end": start + timedelta(weeks=1)}


def _last_year():
    """The parameters of Kitsune's daily charts: the 365 days that end with today, and their time zone."""
    today = datetime.now(timezone.utc).date()
    return {"from": today - timedelta(days=SERIES_DAYS), "interval": "day", "time_zone": "UTC"}


@staged("kitsune.kpi.api.questions_metrics", types=["question", "answer", "solution"], empty=list)
def questions_metrics(log, locale=None, product=None):
    """
    Questions a day, newest first, and how many of them were solved, or got a reply in a day or in three. Days without a
    question are left out.
    """
    filters = {"locale": locale or None, "product": product or None}
    points = log.get("/v1/responses", **filters, **_last_year())["points"]
    return [
        {
            "date": date.fromisoformat(point["date"]),
            "questions": point["questions"],
            "solved": point["solved"],
            "responded_24": point["replied_24h"],
            "responded_72": point["replied_72h"],
        }
        for point in reversed(points)
        if point["questions"]
    ]


@staged("kitsune.kpi.api.helpful_answer_votes", types=["helpful_vote"], empty=dict)
def helpful_answer_votes(log):
    """Helpful votes for answers by day. Kitsune itself counts all other votes, which are not contributions."""
    (series,) = log.get("/v1/volume", type="helpful_vote", **_last_year())["series"]
    counts = {date.fromisoformat(point["date"]): point["contributions"] for point in series["points"]}
    return {day: count for day, count in counts.items() if count}
