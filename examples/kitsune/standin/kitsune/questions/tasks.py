"""Two counts extracted from Kitsune's `maybe_award_badge` and `report_employee_answers`."""

from datetime import date, timedelta

from kitsune.community.utils import num_deleted_contributions
from kitsune.questions.models import Answer, Question
from kitsune.sumo.models import midnight


def num_answers_in_year(user, year):
    start, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    live = Answer.objects.filter(creator=user, is_spam=False, created__gte=start, created__lt=end)
    return live.count() + num_deleted_contributions(
        Answer, contributor=user, contribution_timestamp__gte=start, contribution_timestamp__lt=end
    )


def questions_answered(day, users):
    asked = Question.objects.filter(
        creator__is_active=True, created__gte=midnight(day), created__lt=midnight(day + timedelta(days=1))
    )
    return {
        user.username: Answer.objects.filter(question__in=asked, creator=user).values("question").distinct().count()
        for user in users
    }
