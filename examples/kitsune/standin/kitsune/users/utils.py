"""What Kitsune computes in `users/views.py::profile`, `users/api.py` and properties of `Profile`, as functions."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from kitsune.community.utils import num_deleted_contributions
from kitsune.questions.models import Answer, AnswerVote
from kitsune.users.models import Profile
from kitsune.users.templatetags.jinja_helpers import profile_avatar
from kitsune.wiki.models import Document, Revision, user_documents

ANSWERS_LISTED = 100


def num_documents(user, viewer=None):
    return user_documents(user, viewer).count() + num_deleted_contributions(Document, contributor=user)


def answer_helpfulness(user):
    return AnswerVote.objects.filter(answer__creator=user, helpful=True).count()


def last_answer_date(user):
    last = user.answers.order_by("-created").first()
    return last.created if last else None


def last_contribution_date(user):
    dates = [
        *Answer.objects.filter(creator=user).order_by("-created").values_list("created", flat=True)[:1],
        *Revision.objects.filter(creator=user).order_by("-created").values_list("created", flat=True)[:1],
        *Revision.objects.filter(reviewer=user, reviewed__isnull=False)
        .order_by("-reviewed")
        .values_list("reviewed", flat=True)[:1],
    ]
    return max(dates, default=None)


def weekly_solutions():
    start, now = timezone.now() - timedelta(days=7), timezone.now()
    chosen = Answer.objects.exclude(solution_for=None).filter(created__range=(start, now))
    counts = chosen.values("creator").annotate(number=Count("creator")).order_by("-number", "creator")[:10]
    numbers = {row["creator"]: row["number"] for row in counts}
    profiles = Profile.objects.filter(pk__in=numbers).select_related("user")
    return [
        {
            "username": profile.user.username,
            "display_name": profile.name,
            "avatar": profile_avatar(profile.user),
            "weekly_solutions": numbers[profile.pk],
        }
        for profile in sorted(profiles, key=lambda profile: (-numbers[profile.pk], profile.pk))
    ]


def answers_contributed(user):
    return list(user.answers.order_by("-created", "-pk").select_related("question")[:ANSWERS_LISTED])
