"""
Users. Their facts can be sent again at any time (export/users.sql), so these hooks start a transaction if there is
none.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.dispatch import receiver

from kitsune.users.models import Profile
from perennial import facts
from perennial.outbox import record


def users_changed(user_ids):
    """Records the present state of users. Call it after a bulk update of users, which sends no signal."""
    with transaction.atomic():
        for user in User._base_manager.select_for_update().filter(pk__in=user_ids).order_by("pk"):
            record("user.updated", [facts.user_facts(user)])


def user_erased(user_id):
    """Records an erasure: Perennial removes the profile for good, but the contributions still count."""
    with transaction.atomic():
        record("user.erased", [{"id": user_id}])


USER_FIELDS = ("username", "is_active")
PROFILE_FIELDS = ("name", "fxa_avatar", "account_type")


def _look(instance, model, fields):
    instance._before = model._base_manager.filter(pk=instance.pk).values(*fields).first()


def _tell_if_changed(instance, fields):
    before = instance._before
    if before and any(before[field] != getattr(instance, field) for field in fields):
        users_changed([instance.pk])  # a profile's key is its user's


@receiver(pre_save, sender=User)
def look_at_user(instance, **_):
    _look(instance, User, USER_FIELDS)


@receiver(post_save, sender=User)
def user_saved(instance, **_):
    # A new user is not recorded: the first contribution has the user's name.
    _tell_if_changed(instance, USER_FIELDS)


@receiver(pre_save, sender=Profile)
def look_at_profile(instance, **_):
    _look(instance, Profile, PROFILE_FIELDS)


@receiver(post_save, sender=Profile)
def profile_saved(instance, **_):
    _tell_if_changed(instance, PROFILE_FIELDS)


@receiver(m2m_changed, sender=User.groups.through)
def groups_changed(instance, action, reverse, pk_set, **_):
    """A user joins or leaves a group, from either side: `user.groups` or `group.user_set`."""
    if action == "pre_clear":
        instance._cleared = list(instance.user_set.values_list("pk", flat=True)) if reverse else [instance.pk]
    elif action == "post_clear":
        users_changed(instance._cleared)
    elif action in ("post_add", "post_remove"):
        users_changed(pk_set if reverse else [instance.pk])


@receiver(pre_delete, sender=User)
def user_deleted(instance, **_):
    user_erased(instance.pk)
