"""A count extracted from Kitsune's `maybe_award_badge`."""

from datetime import date

from django.conf import settings

from kitsune.sumo.models import midnight
from kitsune.wiki.models import Revision


def num_reviews_in_year(user, year):
    return Revision.objects.filter(
        reviewer=user,
        document__locale=settings.WIKI_DEFAULT_LANGUAGE,
        reviewed__gte=midnight(date(year, 1, 1)),
        reviewed__lt=midnight(date(year + 1, 1, 1)),
    ).count()
