"""The people of a leaderboard, as the site knows them."""

from django.contrib.auth.models import User

from kitsune.users.templatetags.jinja_helpers import profile_avatar
from perennial.reading.log.reader import keys_in


def with_people(entries):
    """
    Leaderboard entries with the site's own user each: `(entry, user, avatar)`. Somebody who has just left the site, of which
    the log has not heard yet, is left out. One query.
    """
    ids = keys_in(User, [entry["user"]["id"] for entry in entries])
    users = User.objects.select_related("profile").in_bulk(ids)
    found = [(entry, users.get(entry["user"]["id"])) for entry in entries]
    return [(entry, user, profile_avatar(user)) for entry, user in found if user]
