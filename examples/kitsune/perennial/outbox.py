"""Writing to the outbox."""

import time

from django.db import connection, transaction

from perennial.models import OutboxItem


def database_now():
    """
    The database's time, one clock for every web and task process. No two calls of a transaction, and no two holders
    of the same row lock, get the same millisecond: Perennial orders facts by it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    time.sleep(0.001)
    return now


def require_transaction():
    """Raises where content and outbox would be committed apart: a crash between the two would lose the fact."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Cannot save content that Perennial counts outside a transaction: use transaction.atomic()"
        )


def record(message_type, items, timestamp=None):
    """Puts items of one message type into the outbox, in the current transaction; true since `timestamp`."""
    require_transaction()
    if not items:
        return
    timestamp = timestamp or database_now()
    OutboxItem.objects.bulk_create(
        OutboxItem(type=message_type, timestamp=timestamp, data=item) for item in items
    )
