"""Revisions, created and reviewed."""

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from kitsune.wiki.models import Revision
from perennial import facts
from perennial.hooks.telling import locked, tell_created
from perennial.outbox import require_transaction


@receiver(pre_save, sender=Revision)
def look_at_revision(instance, raw, **_):
    require_transaction()
    instance._before = None if raw else locked(Revision, instance.pk, "reviewed", "reviewer_id")


def _is_reviewed(reviewed, reviewer_id):
    return reviewed is not None and reviewer_id is not None


@receiver(post_save, sender=Revision)
def revision_saved(instance, created, raw, **_):
    if raw:
        return
    if created:
        tell_created(facts.kb_edit(instance))
    was_reviewed = instance._before is not None and _is_reviewed(**instance._before)
    if _is_reviewed(instance.reviewed, instance.reviewer_id) and not was_reviewed:
        tell_created(facts.kb_review(instance))
