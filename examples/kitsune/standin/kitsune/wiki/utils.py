from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from kitsune.sumo.models import midnight
from kitsune.users.models import Profile
from kitsune.wiki.models import Revision


def active_contributors(from_date, to_date=None, locale=None, product=None):
    people = User.objects.filter(id__in=_active_ids(from_date, to_date, locale, product))
    return people.exclude(profile__account_type=Profile.AccountType.SYSTEM).order_by("username")


def num_active_contributors(from_date, to_date=None, locale=None, product=None):
    return len(_active_ids(from_date, to_date, locale, product))


def _active_ids(from_date, to_date, locale, product):
    start, end = midnight(from_date), midnight(to_date) if to_date else timezone.now()
    revisions = Revision.objects.all()
    if locale:
        revisions = revisions.filter(document__locale=locale)
    if product:
        revisions = revisions.filter(Q(document__products=product) | Q(document__parent__products=product))
    edited = revisions.filter(created__gte=start, created__lt=end).values_list("creator", flat=True)
    reviewed = revisions.filter(reviewed__gte=start, reviewed__lt=end).values_list("reviewer", flat=True)
    return {*edited, *reviewed}
