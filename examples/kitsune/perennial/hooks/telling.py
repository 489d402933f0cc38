"""What the hooks share: locks, and the ways to tell of a contribution."""

from kitsune.users.models import Profile
from perennial.outbox import record


def lock(model, **which):
    """Locks rows to the end of the transaction. Others may still refer to them, as a new vote does to its answer."""
    return model._base_manager.select_for_update(no_key=True).filter(**which).order_by("pk")


def locked(model, pk, *fields):
    """What the database says of a row, locked; None when there is no such row."""
    return lock(model, pk=pk).values(*fields).first()


def saves(field, update_fields):
    return update_fields is None or field in update_fields


def tell_created(*items):
    """Tells of contributions, but never of a system account's."""
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
    Sent as created, as it may have been spam from the start, and then Perennial never heard of it; and restored, one
    type at a time: without a type, an answer would bring back its being a solution, unset meanwhile.
    """
    tell_created(*items)
    restored = [{"content": item["content"], "type": item["type"]} for item in items]
    record("contribution.restored", restored)
