"""The numbers of `/api/v1/kpi/…`, counted live."""

from collections import Counter
from datetime import timedelta, timezone as zones

from django.db.models import F
from django.utils import timezone

from kitsune.kpi.tasks import kb_contributors, support_forum_contributors
from kitsune.questions.models import Answer, AnswerVote, Question


def contributor_metrics(first, last):
    """Kitsune reads rows that its tasks stored each night; here they are counted again."""
    days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    rows = [(day, *kb_contributors(day), support_forum_contributors(day)) for day in days]
    return [
        {"date": day, "en_us": en_us, "non_en_us": l10n, "support_forum": forum}
        for day, en_us, l10n, forum in rows
    ]


def _last_year(model):
    now = timezone.now()
    return model.objects.filter(created__range=(now - timedelta(days=365), now))


def _by_day(rows):
    return Counter(at.astimezone(zones.utc).date() for at in rows.values_list("created", flat=True))


def questions_metrics(locale=None, product=None):
    questions = _last_year(Question).filter(creator__is_active=True, is_locked=False, is_spam=False)
    if locale:
        questions = questions.filter(locale=locale)
    if product:
        questions = questions.filter(product__slug=product)

    def replied(**within):
        soon = (F("question__created"), F("question__created") + timedelta(**within))
        return questions.filter(pk__in=Answer.objects.filter(created__range=soon).values("question"))

    asked = _by_day(questions)
    solved = _by_day(questions.exclude(solution=None))
    in_one, in_three = _by_day(replied(hours=24)), _by_day(replied(days=3))
    return [
        {
            "date": day,
            "questions": asked[day],
            "solved": solved[day],
            "responded_24": in_one[day],
            "responded_72": in_three[day],
        }
        for day in sorted(asked, reverse=True)
    ]


def helpful_answer_votes():
    return dict(_by_day(_last_year(AnswerVote).filter(helpful=True)))
