import os

SECRET_KEY = "stand-in"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "kitsune.products",
    "kitsune.users",
    "kitsune.questions",
    "kitsune.wiki",
    "kitsune.community",
    "perennial",
]
MIGRATION_MODULES = {"auth": None, "contenttypes": None}  # made from the models, like the stand-ins that refer to them
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "postgres"),
        "USER": os.environ.get("PGUSER", "postgres"),
        "HOST": "127.0.0.1",
        "PORT": os.environ["PGPORT"],
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ROOT_URLCONF = "kitsune.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
WIKI_DEFAULT_LANGUAGE = "en-US"
LEGACY_CONTRIBUTOR_GROUPS = ["Contributors", "Registered as contributor", "trusted contributors"]
DEFAULT_AVATAR = "/static/default-avatar.webp"
USE_TZ = True
TIME_ZONE = "US/Pacific"  # as in Kitsune, so that an export that depends on it fails

PERENNIAL_URL = os.environ["PERENNIAL_URL"]
PERENNIAL_WEBHOOK_SECRET = os.environ["PERENNIAL_WEBHOOK_SECRET"]
PERENNIAL_STAGE = os.environ.get("PERENNIAL_STAGE", "live")
PERENNIAL_TIMEOUT_SECONDS = 10
PERENNIAL_BACKOFF_SECONDS_MAX = 1  # tests cannot wait five minutes
