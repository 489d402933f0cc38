"""Locks and messages that the hooks share."""

from kitsune.users.models import Profile
from perennial.outbox import record


def lock(model, **which):
    """Locks rows until the end of the transaction. Others may still refer to them, as a new vote does to its answer."""
    return model._base_manager.select_for_update(no_key=True).filter(**which).order_by("pk")


def locked(model, pk, *fields):
    """Locks a row and returns its stored values; None when there is no such row."""
    return lock(model, pk=pk).values(*fields).first()


def saves(field, update_fields):
    return update_fields is None or field in update_fields


def tell_created(*items):
    """Records contributions, except those of system accounts."""
    system = Profile.AccountType.SYSTEM
    users = {item["user"]["id"] for item in items}
    bots = set(
        Profile._base_manager.filter(user_id__in=users, account_type=system).values_list("user_id", flat=True)
    )
    record("contribution.created", [item for item in items if item["user"]["id"] not in bots])


def retracted(content, reason, **type):
    return {"content": content, "reason": reason, **type}


def count_again(*items):
    """
    Sends contributions as created, because they may have been spam from the start and so never sent, and as restored.
    Each restoration names its type: without it, restoring an answer would also restore a solution that was unset.
    """
    tell_created(*items)
    restored = [{"content": item["content"], "type": item["type"]} for item in items]
    record("contribution.restored", restored)
