from django.db import models

from kitsune.sumo.models import ModelBase


class Product(ModelBase):
    title = models.CharField(max_length=255, db_index=True)
    slug = models.SlugField()
    is_archived = models.BooleanField(default=False)
    display_order = models.IntegerField(default=1)

    class Meta:
        ordering = ["display_order"]
