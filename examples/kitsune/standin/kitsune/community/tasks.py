"""The recipients of the mails of `send_welcome_emails`: two queries extracted from Kitsune's task."""

from django.conf import settings
from django.db.models import F

from kitsune.questions.models import Answer
from kitsune.wiki.models import Revision


def first_answer_recipients(before):
    answers = Answer.objects.filter(created__lte=before, creator__profile__first_answer_email_sent=False)
    return set(answers.exclude(question__creator=F("creator")).values_list("creator", flat=True))


def first_l10n_recipients(before):
    revisions = Revision.objects.filter(created__lte=before, creator__profile__first_l10n_email_sent=False)
    revisions = revisions.exclude(document__locale=settings.WIKI_DEFAULT_LANGUAGE)
    return set(revisions.values_list("creator", flat=True))
