"""Helpful votes."""

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from kitsune.questions.models import AnswerVote
from perennial import facts
from perennial.hooks.telling import tell_created
from perennial.outbox import require_transaction


@receiver(pre_save, sender=AnswerVote)
def look_at_vote(**_):
    require_transaction()


@receiver(post_save, sender=AnswerVote)
def vote_saved(instance, created, raw, **_):
    if created and not raw and instance.helpful and instance.creator_id != instance.answer.creator_id:
        tell_created(facts.helpful_vote(instance))
