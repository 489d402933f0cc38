from django.apps import AppConfig


class PerennialConfig(AppConfig):
    name = "perennial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Connects the signal receivers.
        from perennial import hooks  # noqa: F401
