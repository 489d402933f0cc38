"""`kitsune.questions.utils` and `kitsune.questions.tasks`, from the log."""

from datetime import timedelta

from django.conf import settings

from perennial.reading.log.reader import between
from perennial.reading.stages import staged


def lifetime(log, user, type):
    """How often a user has contributed; 0 for one whom no message has named."""
    statistics = log.user(user.pk)
    return statistics["lifetime"][type] if statistics else 0


@staged("kitsune.questions.utils.num_questions", types=["question"], empty=int)
def num_questions(log, user, viewer=None):
    """The questions a user has asked. They are the same for every viewer, because spam does not count."""
    return lifetime(log, user, "question")


@staged("kitsune.questions.utils.num_answers", types=["answer"], empty=int)
def num_answers(log, user):
    """The answers a user has given."""
    return lifetime(log, user, "answer")


@staged("kitsune.questions.utils.num_solutions", types=["solution"], empty=int)
def num_solutions(log, user):
    """The answers of a user that were chosen as solutions."""
    return lifetime(log, user, "solution")


@staged("kitsune.questions.tasks.num_answers_in_year", types=["answer"], empty=int)
def num_answers_in_year(log, user, year):
    """The answers of a calendar year in the site's time zone, for the badge `{year}-support-forum-badge`."""
    statistics = log.user(user.pk, period=year, time_zone=settings.TIME_ZONE)
    return statistics["period"]["answer"] if statistics else 0


@staged("kitsune.questions.tasks.questions_answered", types=["answer"], empty=dict)
def questions_answered(log, day, users):
    """How many questions each of some users answered on a day: `{username: number}`, for the report on staff."""
    entries = log.entries("support-forum", measure="parents", **between(day, day + timedelta(days=1)))
    counts = {entry["user"]["id"]: entry["count"] for entry in entries}
    return {user.username: counts.get(user.pk, 0) for user in users}
