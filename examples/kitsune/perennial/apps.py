"""Sends every contribution to Perennial, through an outbox in the site's own database, and reads its numbers."""
from django.apps import AppConfig


class PerennialConfig(AppConfig):
    name = "perennial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Connects the signal receivers and registers the checks.
        from perennial import checks, hooks  # noqa: F401
        from perennial.reading.log import budget  # noqa: F401
