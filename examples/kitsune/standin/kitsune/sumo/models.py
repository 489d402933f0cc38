from datetime import datetime, time

from django.db import models, transaction
from django.utils import timezone


class ModelBase(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """The example's one change to Kitsune's own ModelBase: content and outbox are committed together."""
        with transaction.atomic():
            super().save(*args, **kwargs)


class LocaleField(models.CharField):
    def __init__(self, max_length=7, default="en-US", *args, **kwargs):
        super().__init__(*args, max_length=max_length, default=default, **kwargs)


def midnight(day):
    """The instant at which a date begins in the site's time zone: what Django compares a column of instants with."""
    return timezone.make_aware(datetime.combine(day, time.min))
