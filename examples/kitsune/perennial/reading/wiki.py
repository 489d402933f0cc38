"""`kitsune.wiki.utils`, `.models` and `.tasks`, from the log."""

from django.conf import settings
from django.contrib.auth.models import User

from kitsune.wiki.models import Document
from perennial.reading.log.reader import between, key_of, keys_in, moment_of
from perennial.reading.stages import staged

# How the HTML of a redirect begins.
REDIRECT = "<p>REDIRECT <a"

KB_METRICS = ["kb_contributors", "l10n_contributors"]


def _metric(locale):
    return "kb_contributors" if locale == settings.WIKI_DEFAULT_LANGUAGE else "l10n_contributors"


def _filters(from_date, to_date, locale, product):
    return {
        "locale": locale or None,
        "product": product.slug.lower() if product else None,
        "min": 1,
        **between(from_date, to_date),
    }


def _active_ids(log, from_date, to_date, locale, product):
    filters = _filters(from_date, to_date, locale, product)
    metrics = [_metric(locale)] if locale else KB_METRICS
    return {id for metric in metrics for id in log.members(metric, **filters)}


@staged("kitsune.wiki.utils.active_contributors", types=["kb_edit", "kb_review"], empty=User.objects.none)
def active_contributors(log, from_date, to_date=None, locale=None, product=None):
    """A query of the users who edited or reviewed in a period, by username, without hidden and inactive ones."""
    ids = keys_in(User, _active_ids(log, from_date, to_date, locale, product))
    return User.objects.filter(id__in=ids).order_by("username")


@staged("kitsune.wiki.utils.num_active_contributors", types=["kb_edit", "kb_review"], empty=int)
def num_active_contributors(log, from_date, to_date=None, locale=None, product=None):
    """How many people edited or reviewed in a period; hidden and inactive ones too, if a locale is given."""
    if not locale:  # no metric counts a person of both kinds once
        return len(_active_ids(log, from_date, to_date, locale, product))
    filters = _filters(from_date, to_date, locale, product)
    return log.get(f"/v1/metrics/{_metric(locale)}", **filters)["value"]


@staged("kitsune.wiki.tasks.num_reviews_in_year", types=["kb_review"], empty=int)
def num_reviews_in_year(log, user, year):
    """The reviews in the default locale of a calendar year in the site's time zone, for `{year}-reviewer-badge`."""
    reviews = log.contributions(user.pk, type="kb_review", period=year, time_zone=settings.TIME_ZONE)
    return sum(review["locale"] == settings.WIKI_DEFAULT_LANGUAGE for review in reviews)


@staged("kitsune.wiki.models.user_documents", types=["kb_edit"], empty=list)
def user_documents(log, user, viewer=None):
    """
    The documents that a user has edited: those that the viewer may see, and those that the site has deleted, of which
    there are their key and locale. `deleted_at` says when one went, and is None for the others.
    """
    edits = [item for item in log.contributions(user.pk, type="kb_edit") if key_of(item["parent"], Document)]
    latest = {key_of(item["parent"], Document): item for item in reversed(edits)}
    there = set(Document.objects.filter(pk__in=latest).values_list("pk", flat=True))
    visible = list(Document.objects.visible(viewer, pk__in=latest).exclude(html__startswith=REDIRECT))
    for document in visible:
        document.deleted_at = None
    return visible + [_gone(pk, edit) for pk, edit in latest.items() if pk not in there]


def _gone(pk, edit):
    document = Document(pk=pk, locale=edit["locale"])
    document.deleted_at = moment_of(edit["deleted_at"] or edit["occurred_at"])
    return document
