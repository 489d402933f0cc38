from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.sumo.models import LocaleField, ModelBase


class VisibilityManager(models.Manager):
    def visible(self, viewer, **filters):
        """Here everyone may see every document."""
        return self.filter(**filters)


class Document(ModelBase):
    title = models.CharField(max_length=255, db_index=True)
    locale = LocaleField(db_index=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, related_name="translations", null=True)
    products = models.ManyToManyField(Product)
    html = models.TextField(blank=True)

    objects = VisibilityManager()


class Revision(ModelBase):
    creator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="created_revisions")
    created = models.DateTimeField(default=timezone.now)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="revisions")
    reviewed = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reviewed_revisions", null=True)
    is_approved = models.BooleanField(default=False, db_index=True)

    def review(self, reviewer, approve, reviewed):
        """The body of the review view and of `wiki/content_managers.py::_review_revision`: a save like any other."""
        self.is_approved = approve
        self.reviewed = reviewed
        self.reviewer = reviewer
        self.save()


def user_documents(user, viewer=None):
    documents = Document.objects.visible(viewer, revisions__creator=user)
    return documents.exclude(html__startswith="<p>REDIRECT <a").distinct()
