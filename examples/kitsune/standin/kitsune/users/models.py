from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction

from kitsune.sumo.models import ModelBase


class ContributionAreas:
    @classmethod
    def get_groups(cls):
        return ["kb-contributors", "l10n-contributors", "forum-contributors"] + settings.LEGACY_CONTRIBUTOR_GROUPS


class RegularProfileManager(models.Manager):
    """Hides system accounts, as Kitsune's does."""

    def get_queryset(self):
        return super().get_queryset().exclude(account_type=Profile.AccountType.SYSTEM)


class Profile(ModelBase):
    class AccountType(models.TextChoices):
        REGULAR = "regular"
        SYSTEM = "system"
        ADMIN = "admin"

    objects = RegularProfileManager()
    all_profiles = models.Manager()

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    account_type = models.CharField(max_length=255, choices=AccountType.choices, default=AccountType.REGULAR)
    name = models.CharField(max_length=255, null=True, blank=True)
    fxa_avatar = models.URLField(max_length=512, blank=True, default="")
    first_answer_email_sent = models.BooleanField(default=False)
    first_l10n_email_sent = models.BooleanField(default=False)

    @property
    def display_name(self):
        return self.name or self.user.username

    @classmethod
    def get_sumo_bot(cls):
        user, _ = User.objects.get_or_create(username="SumoBot")
        cls.all_profiles.get_or_create(user=user, defaults={"account_type": cls.AccountType.SYSTEM})
        return user


def deactivate_users(queryset):
    """`users/monkeypatch.py::_deactivate_users`: it sends no signal, so it calls the hook itself."""
    from perennial import hooks

    with transaction.atomic():
        ids = list(queryset.values_list("pk", flat=True))
        queryset.update(is_active=False)
        hooks.users_changed(ids)


def delete_user_pipeline(user):
    """`users/utils.py::delete_user_pipeline` with the listeners that touch contributions: all bulk, no signals."""
    from kitsune.questions.models import Answer, AnswerVote, Question
    from kitsune.wiki.models import Revision

    bot = Profile.get_sumo_bot()
    questions = Question.objects.filter(creator=user)
    questions.filter(is_spam=True).delete()
    Answer.objects.filter(creator=user, is_spam=True).delete()
    questions.filter(product__is_archived=True).delete()
    questions.filter(num_answers=0).delete()
    unlocked = list(questions.filter(is_locked=False))
    questions.update(creator=bot, is_locked=True)
    Answer.objects.bulk_create(Answer(creator=bot, content="Locked", question=each) for each in unlocked)
    Answer.objects.filter(creator=user).update(creator=bot)
    AnswerVote.objects.filter(creator=user).update(creator=None, anonymous_id="gone")
    Revision.objects.filter(creator=user, is_approved=True).update(creator=bot)
    Revision.objects.filter(reviewer=user).update(reviewer=bot)
    Revision.objects.filter(creator=user, is_approved=False).delete()
    user.delete()
