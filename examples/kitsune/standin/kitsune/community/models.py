from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from kitsune.products.models import Product
from kitsune.questions.models import Answer
from kitsune.sumo.models import LocaleField
from kitsune.users.models import Profile
from kitsune.wiki.models import Document, Revision


class DeletedContribution(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    metadata = models.JSONField(null=True, default=None)
    contributor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deleted_contributions")
    contribution_timestamp = models.DateTimeField()
    locale = LocaleField()
    products = models.ManyToManyField(Product)


def _keep(row, locale, products, metadata, contributor=None, created=None):
    contributor = contributor or row.creator
    profile = Profile.all_profiles.get(user_id=contributor.pk)
    if not contributor.is_active or profile.account_type == Profile.AccountType.SYSTEM:
        return
    kept = DeletedContribution.objects.create(
        content_type=ContentType.objects.get_for_model(row),
        contributor=contributor,
        contribution_timestamp=created or row.created,
        locale=locale,
        metadata=metadata,
    )
    kept.products.set(products)


@receiver(pre_delete, sender=Answer)
def keep_answer(instance, **_):
    question = instance.question
    if not instance.is_spam and instance.creator_id != question.creator_id:
        products = [question.product] if question.product else []
        metadata = {"content": "…", "is_solution": instance.pk == question.solution_id}
        _keep(instance, question.locale, products, metadata)


@receiver(pre_delete, sender=Revision)
def keep_revision(instance, **_):
    document = instance.document
    products = (document.parent or document).products.all()
    _keep(instance, document.locale, products, {"is_approved": instance.is_approved})


@receiver(pre_delete, sender=Document)
def keep_document(instance, **_):
    """For each contributor of the document who has an approved revision, which here is every contributor."""
    approved = instance.revisions.filter(is_approved=True)
    products = list((instance.parent or instance).products.all())
    for contributor in User.objects.filter(created_revisions__in=approved).distinct():
        latest = approved.filter(creator=contributor).latest("created").created
        _keep(instance, instance.locale, products, {"title": instance.title}, contributor, latest)
