import uuid

from django.db import models
from django.db.models import Q


class OutboxMessage(models.Model):
    """Items that are sent as one webhook. Its id is the webhook-id of every attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    last_error = models.TextField(blank=True)


class OutboxItem(models.Model):
    """
    One item of a message, written in the transaction of its content. Only its outcome changes later.

    It waits, with or without a message, until it is delivered (Perennial answered 200 with its `verdict`) or refused
    (Perennial named it in a 4xx; `refusal` is the reason). Items that are not delivered are never deleted.
    """

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=40)
    timestamp = models.DateTimeField()
    data = models.JSONField()
    message = models.ForeignKey(OutboxMessage, null=True, related_name="items", on_delete=models.PROTECT)
    delivered_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)

    WAITING = Q(delivered_at__isnull=True, refused_at__isnull=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="perennial_outbox_loose",
                condition=Q(delivered_at__isnull=True, refused_at__isnull=True, message__isnull=True),
            ),
            models.Index(
                fields=["id"], name="perennial_outbox_refused", condition=Q(refused_at__isnull=False)
            ),
        ]
