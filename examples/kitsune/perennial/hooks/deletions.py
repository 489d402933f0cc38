"""Deleted content."""

from django.db.models.signals import post_delete
from django.dispatch import receiver

from kitsune.questions.models import Answer, Question
from kitsune.wiki.models import Document, Revision
from perennial import facts
from perennial.outbox import record


@receiver(post_delete, sender=Question)
@receiver(post_delete, sender=Answer)
@receiver(post_delete, sender=Document)
@receiver(post_delete, sender=Revision)
def content_deleted(instance, **_):
    """Records a deletion, which Perennial acknowledges without changing any number."""
    record("content.deleted", [{"content": facts.content_of(instance)}])
