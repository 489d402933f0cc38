"""`kitsune.users.api`, `.models` and `.views`, from the log."""

import logging

from kitsune.questions.models import Answer, Question
from perennial.reading.log import Log
from perennial.reading.log.reader import key_of, moment_of
from perennial.reading.people import with_people
from perennial.reading.questions import lifetime
from perennial.reading.stages import stage, staged

logger = logging.getLogger("perennial.reading")

ANSWERS_LISTED = 100

# The types that Kitsune considers for a user's last contribution.
CONTRIBUTIONS = ["answer", "kb_edit", "kb_review"]


def _nothing():
    return None


def read_ahead(users):
    """
    Fetches the numbers of all users of a page in one request, so that the functions about each of them make none.
    Without it they make one for each user. Never raises.
    """
    if stage() == "live":
        return
    try:
        Log().read_ahead(user.pk for user in users)
    except Exception as failure:
        logger.debug("not read ahead: %r", failure)


@staged("kitsune.users.utils.num_documents", types=["kb_edit"], empty=int)
def num_documents(log, user, viewer=None):
    """The documents that a user has edited, for every viewer."""
    statistics = log.user(user.pk)
    return statistics["documents"] if statistics else 0


@staged("kitsune.users.utils.answer_helpfulness", types=["helpful_vote"], empty=int)
def answer_helpfulness(log, user):
    """The helpful votes for a user's answers."""
    return lifetime(log, user, "helpful_vote")


@staged("kitsune.users.utils.last_answer_date", types=["answer"], empty=_nothing)
def last_answer_date(log, user):
    """When a user last answered, or None."""
    statistics = log.user(user.pk)
    return moment_of(statistics["last"]["answer"]) if statistics else None


@staged("kitsune.users.utils.last_contribution_date", types=CONTRIBUTIONS, empty=_nothing)
def last_contribution_date(log, user):
    """When a user last answered, edited or reviewed, or None."""
    statistics = log.user(user.pk)
    last = statistics["last"] if statistics else {}
    return max((moment_of(last[type]) for type in CONTRIBUTIONS if last.get(type)), default=None)


@staged("kitsune.users.utils.weekly_solutions", types=["solution"], empty=list)
def weekly_solutions(log):
    """The ten people with the most solutions chosen in the last seven days."""
    entries, _total = log.page("solutions", 10, 1, window="7d")
    return [
        {
            "username": user.username,
            "display_name": user.profile.name,
            "avatar": avatar,
            "weekly_solutions": entry["count"],
        }
        for entry, user, avatar in with_people(entries)
    ]


@staged("kitsune.users.utils.answers_contributed", types=["answer"], empty=list)
def answers_contributed(log, user):
    """
    A user's latest 100 answers. Of one that the site has deleted there are its key, its question's and its time;
    `deleted_at` says when it went, and is None for the others.
    """
    listed = log.contributions(user.pk, type="answer", limit=ANSWERS_LISTED)
    keys = [key_of(item["content"], Answer) for item in listed]
    held = Answer.objects.select_related("question").in_bulk([key for key in keys if key])
    return [_answer(item, held.get(key), user) for item, key in zip(listed, keys)]


def _answer(item, held, user):
    if held:
        held.deleted_at = None
        return held
    question = Question(pk=key_of(item["parent"], Question))
    created = moment_of(item["occurred_at"])
    gone = Answer(pk=key_of(item["content"], Answer), question=question, creator=user, created=created)
    gone.deleted_at = moment_of(item["deleted_at"]) or created
    return gone
