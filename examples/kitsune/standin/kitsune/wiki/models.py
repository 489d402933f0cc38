from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.sumo.models import LocaleField, ModelBase


class Document(ModelBase):
    title = models.CharField(max_length=255, db_index=True)
    locale = LocaleField(db_index=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, related_name="translations", null=True)
    products = models.ManyToManyField(Product)


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
