"""`manage.py check` names settings of this app that cannot be used."""

from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.checks import Error, Warning, register

from perennial.reading.stages import STAGES

DELETE = ("mark", "retract")


@register()
def check_settings(**_):
    """Finds a mistyped setting before it has an effect: reading then is live, and deletions only mark."""
    found = []
    for name, values in (("PERENNIAL_STAGE", STAGES), ("PERENNIAL_DELETE", DELETE)):
        value = getattr(settings, name, values[0])
        if value not in values:
            found.append(Error(f"{name} is {value!r}: use one of {', '.join(values)}", id="perennial.E001"))
    url = urlsplit(getattr(settings, "PERENNIAL_URL", ""))
    if url.scheme not in ("http", "https") or not url.hostname:
        found.append(Error("PERENNIAL_URL is no http or https URL", id="perennial.E002"))
    if getattr(settings, "PERENNIAL_DELETE", "mark") == "retract" and django.VERSION < (4, 1):
        hint = "Django tells the origin of a deletion since 4.1."
        found.append(Warning("PERENNIAL_DELETE = 'retract' has no effect", hint=hint, id="perennial.W001"))
    return found
