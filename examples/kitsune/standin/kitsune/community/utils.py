"""The leaderboards, counted live. Kitsune counts answers in its search index; here a query selects what is indexed."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.utils import timezone

from kitsune.community.models import DeletedContribution
from kitsune.questions.models import Answer
from kitsune.users.models import ContributionAreas, Profile
from kitsune.users.templatetags.jinja_helpers import profile_avatar
from kitsune.wiki.models import Revision

DEFAULT_PERIOD_DAYS = 90


def num_deleted_contributions(model, exclude_locale=None, **filters):
    kind = ContentType.objects.get_for_model(model)
    return DeletedContribution.objects.filter(content_type=kind, **filters).exclude(locale=exclude_locale).count()


def _deleted(model, start, end, locale, product):
    kind = ContentType.objects.get_for_model(model)
    rows = DeletedContribution.objects.filter(content_type=kind, contribution_timestamp__gte=start)
    if end:
        rows = rows.filter(contribution_timestamp__lte=end)
    if locale:
        rows = rows.filter(locale=locale)
    if product:
        rows = rows.filter(products__slug=getattr(product, "slug", product))
    return rows


def _top(acts, allowed, count, page):
    """Users by number of acts (user, time), then by key: a page as (user, count, time of the last act), and how many."""
    acts = list(acts)
    counts = Counter(user for user, _at in acts)
    last = {}
    for user, at in acts:
        last[user] = max(at, last.get(user, at))
    users = allowed.select_related("profile").in_bulk(counts)
    order = sorted(users, key=lambda user: (-counts[user], user))
    shown = order[count * (page - 1) : count * page]
    return [(users[user], counts[user], last[user]) for user in shown], len(order)


def top_contributors_questions(start=None, end=None, locale=None, product=None, count=10, page=1):
    start = start or timezone.now() - timedelta(days=DEFAULT_PERIOD_DAYS)
    answers = Answer.objects.filter(created__gte=start, is_spam=False, question__is_spam=False)
    answers = answers.exclude(creator=F("question__creator"))
    if end:
        answers = answers.filter(created__lte=end)
    if locale:
        answers = answers.filter(question__locale=locale)
    if product:
        answers = answers.filter(question__product=product)
    acts = [
        *answers.values_list("creator", "created"),
        *_deleted(Answer, start, end, locale, product).values_list("contributor", "contribution_timestamp"),
    ]
    contributors = User.objects.filter(
        is_active=True,
        profile__account_type__in=[Profile.AccountType.REGULAR, Profile.AccountType.ADMIN],
        pk__in=User.objects.filter(groups__name__in=ContributionAreas.get_groups()),
    )
    top, total = _top(acts, contributors, count, page)
    now = timezone.now()
    return [
        {
            "count": number,
            "term": str(user.pk),
            "user": {
                "id": str(user.pk),
                "username": user.username,
                "display_name": user.profile.name,
                "avatar": profile_avatar(user),
                "days_since_last_activity": (now - last).days,
            },
        }
        for user, number, last in top
    ], total


def top_contributors_kb(**kwargs):
    return top_contributors_l10n(**{**kwargs, "locale": settings.WIKI_DEFAULT_LANGUAGE})


def top_contributors_l10n(
    start=None, end=None, locale=None, product=None, count=10, page=1, use_cache=True
):
    start = start or timezone.now() - timedelta(days=DEFAULT_PERIOD_DAYS)
    end = end or timezone.now()
    if type(start) is date:
        start = timezone.make_aware(datetime.combine(start, time.min))
    if type(end) is date:
        end = timezone.make_aware(datetime.combine(end, time.max))
    revisions = Revision.objects.filter(created__range=(start, end))
    deleted = _deleted(Revision, start, end, locale, product)
    if locale:
        revisions = revisions.filter(document__locale=locale)
    else:
        revisions = revisions.exclude(document__locale=settings.WIKI_DEFAULT_LANGUAGE)
        deleted = deleted.exclude(locale=settings.WIKI_DEFAULT_LANGUAGE)
    if product:
        slug = getattr(product, "slug", product)
        revisions = revisions.filter(
            Q(document__products__slug=slug) | Q(document__parent__products__slug=slug)
        )
    acts = [
        *revisions.values_list("creator", "created"),
        *deleted.values_list("contributor", "contribution_timestamp"),
    ]
    people = User.objects.filter(is_active=True).exclude(profile__account_type=Profile.AccountType.SYSTEM)
    top, total = _top(acts, people, count, page)
    return [
        {
            "term": user.pk,
            "count": number,
            "user": {
                "id": user.pk,
                "username": user.username,
                "display_name": user.profile.display_name,
                "avatar": profile_avatar(user),
            },
        }
        for user, number, _last in top
    ], total
