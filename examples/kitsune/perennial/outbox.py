"""Writing to the outbox."""

import time

from django.db import connection, transaction

from perennial.models import OutboxItem


def database_now():
    """
    The database's time: one clock for every web and task process. Two calls in one transaction, or by two holders of one
    row lock, never get the same millisecond, by which Perennial orders facts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    time.sleep(0.001)
    return now


def require_transaction():
    """Raises when content and outbox would be committed separately: a crash between the two would lose the event."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Cannot save content that Perennial counts outside a transaction: use transaction.atomic()"
        )


def record(message_type, items, timestamp=None):
    """Puts items of one message type into the outbox in the current transaction, true since `timestamp`."""
    require_transaction()
    if not items:
        return
    timestamp = timestamp or database_now()
    OutboxItem.objects.bulk_create(
        OutboxItem(type=message_type, timestamp=timestamp, data=item) for item in items
    )
