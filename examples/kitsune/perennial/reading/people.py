"""Leaderboard entries as Kitsune shows people."""

from django.contrib.auth.models import User

from kitsune.users.templatetags.jinja_helpers import profile_avatar
from perennial.reading.log.reader import keys_in


def people_of(entries):
    """The site's users of leaderboard entries, by id, with their profiles. One query."""
    ids = keys_in(User, [entry["user"]["id"] for entry in entries])
    return User.objects.select_related("profile").in_bulk(ids)


def shown(entry, user):
    """The name and picture of an entry: the site's own, or those in the log for somebody whom the site no longer has."""
    if user is None:
        known = entry["user"]
        return {"username": known["username"], "name": known["display_name"], "avatar": known["avatar_url"]}
    return {"username": user.username, "name": user.profile.name, "avatar": profile_avatar(user)}
