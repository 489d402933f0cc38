"""Deliberate deletions and cascades: what each setting of PERENNIAL_DELETE does with them."""

from contextlib import contextmanager
from unittest import mock

import django
from delivering import say, until
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.test.utils import override_settings
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.questions.models import Answer, AnswerVote, Question
from kitsune.users.models import Profile, delete_user_pipeline
from kitsune.wiki.models import Document, Revision
from perennial.tasks import deliver

# Each person's counts before anything is deleted, and how many a deliberate deletion takes.
BEFORE = {
    "author": {"answer": 1, "solution": 1, "helpful_vote": 1},
    "asker": {"question": 1},
    "replier": {"answer": 1},
    "purged": {"answer": 1},
    "editor": {"kb_edit": 1},
    "reviewer": {"kb_review": 1},
    "translator": {"kb_edit": 1},
    "left-behind": {"answer": 1},
}
RETRACTED = {**BEFORE, "author": {"helpful_vote": 1}, "asker": {}, "editor": {}}


@contextmanager
def origin_told():
    """Makes Django pass the origin of a deletion, the row or the queryset that was deleted, as 4.1 and later do."""
    if django.VERSION >= (4, 1):
        yield
        return
    origins = []

    def remembering(delete):
        def remembered(origin, *args, **kwargs):
            origins.append(origin)
            try:
                return delete(origin, *args, **kwargs)
            finally:
                origins.pop()

        return remembered

    def send(sender, **named):
        return sending(sender, **named, origin=origins[-1])

    sending = post_delete.send
    with mock.patch.object(models.Model, "delete", remembering(models.Model.delete)):
        with mock.patch.object(models.QuerySet, "delete", remembering(models.QuerySet.delete)):
            with mock.patch.object(post_delete, "send", send):
                yield


def play(prefix):
    """People contribute; then moderators, a purge and the deletion of an account delete it all. Returns the people."""
    people = {}

    def person(name):
        with transaction.atomic():
            user = User.objects.create(username=f"{prefix}-{name}")
            Profile.objects.create(user=user)
        people[name] = user
        return user

    def ask(user, **more):
        return Question.objects.create(creator=user, title="?", **more)

    def answer(user, question):
        return Answer.objects.create(creator=user, question=question, content="!")

    helper = person("helper")
    solved = ask(helper)
    solution = answer(person("author"), solved)
    solved.set_solution(solution)
    AnswerVote.objects.create(answer=solution, creator=helper, helpful=True)
    asked = ask(person("asker"))
    answer(person("replier"), asked)
    purged = answer(person("purged"), solved)
    document = Document.objects.create(title="D")
    revision = Revision.objects.create(document=document, creator=person("editor"))
    revision.review(person("reviewer"), True, timezone.now())
    other = Document.objects.create(title="D", locale="de")
    Revision.objects.create(document=other, creator=person("translator"))
    leaving = person("leaving")
    archived, _ = Product.objects.get_or_create(slug="thimble", title="thimble", is_archived=True)
    answer(person("left-behind"), ask(leaving, product=archived))

    Answer.objects.get(pk=solution.pk).delete()
    Question.objects.get(pk=asked.pk).delete()
    Answer.objects.filter(pk=purged.pk).delete()
    revision.delete()
    other.delete()
    delete_user_pipeline(leaving)
    return people


def counts(worker, user):
    lifetime = worker.read(f"/v1/users/{user.pk}")["lifetime"]
    return {type: count for type, count in lifetime.items() if count and type != "total"}


def check(worker, title, expected, people):
    assert deliver(seconds=3600) > 0
    for name, wanted in expected.items():
        until(
            lambda: counts(worker, people[name]) == wanted,
            f"{title}: {name} has {wanted}, not {counts(worker, people[name])}",
        )
    (deleted,) = worker.read(f"/v1/users/{people['replier'].pk}/contributions")["contributions"]
    assert deleted["deleted_at"], title


def check_deliberate(worker):
    """`mark` takes nothing. `retract` takes only the credit for rows that were deleted themselves."""
    with origin_told():
        check(worker, "mark", BEFORE, play("mark"))
        with override_settings(PERENNIAL_DELETE="retract"):
            check(worker, "retract", RETRACTED, play("retract"))
    if django.VERSION < (4, 1):
        with override_settings(PERENNIAL_DELETE="retract"):
            check(worker, "retract without an origin", BEFORE, play("untold"))
    say("a deliberate deletion takes its author's credit if the setting says so; a cascade and a purge never do")
