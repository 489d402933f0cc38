"""Deleted content."""

from django.conf import settings
from django.db.models.signals import post_delete
from django.dispatch import receiver

from kitsune.questions.models import Answer, Question
from kitsune.wiki.models import Document, Revision
from perennial import facts
from perennial.hooks.telling import retracted
from perennial.outbox import record

# What a deliberate deletion takes from the content's author. The review of a revision is the reviewer's.
TAKES = {Question: {}, Answer: {}, Revision: {"type": "kb_edit"}}


@receiver(post_delete, sender=Question)
@receiver(post_delete, sender=Answer)
@receiver(post_delete, sender=Document)
@receiver(post_delete, sender=Revision)
def content_deleted(sender, instance, origin=None, **_):
    """
    Records a deletion, which changes no number. With PERENNIAL_DELETE = "retract", a deliberate one also takes the credit
    that its author had for it.
    """
    content = facts.content_of(instance)
    record("content.deleted", [{"content": content}])
    retracts = getattr(settings, "PERENNIAL_DELETE", "mark") == "retract"
    if retracts and sender in TAKES and is_deliberate(instance, origin):
        record("contribution.retracted", [retracted(content, "other", **TAKES[sender])])


def is_deliberate(instance, origin):
    """
    Whether this very row was deleted, with `delete()` of its instance. What goes with something else (a cascade), or in
    a queryset, as Kitsune's purges and account deletions do, is not. Django tells the origin since 4.1; before that, no
    deletion is deliberate.
    """
    return origin == instance
