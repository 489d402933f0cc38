"""
Converts Kitsune's content to items of messages. The same content always gives the same item, with the same facts as in
`export/`, so that content that is both exported and sent is a duplicate and counts once.
"""

import datetime
import re

from kitsune.users.models import ContributionAreas, Profile

# The only group that is sent: people in any of the groups of Kitsune's forum board.
CONTRIBUTORS = "contributors"


def instant(moment):
    """RFC 3339 in UTC. Perennial truncates it to the millisecond."""
    return moment.astimezone(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def content_of(row):
    """The identity of a piece of content, like `questions.answer` 123. The export uses the same."""
    return {"type": row._meta.label_lower, "id": row.pk}


def profile_of(user):
    """A user's profile, or None. Not through `Profile.objects`, which hides system accounts."""
    return Profile._base_manager.filter(user_id=user.pk).first()


def is_system(user):
    profile = profile_of(user)
    return profile is not None and profile.account_type == Profile.AccountType.SYSTEM


def name(text):
    """A name that Perennial accepts: without control characters, at most 254 code points; None when nothing is left."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text or "")[:254] or None


def user_names(user):
    """The public profile of a user."""
    profile = profile_of(user)
    avatar = profile.fxa_avatar if profile else ""
    return {
        "id": user.pk,
        "username": name(user.username),
        "display_name": name(profile.name if profile else ""),
        "avatar_url": avatar if avatar.startswith("https://") else None,
    }


def groups_of(user):
    """Which of Kitsune's groups a user is in stays on the site, because a group may be private."""
    contributes = user.groups.filter(name__in=ContributionAreas.get_groups()).exists()
    return [CONTRIBUTORS] if contributes else []


def user_facts(user):
    """Everything that Perennial stores about a user."""
    state = {"is_active": user.is_active, "is_system": is_system(user), "groups": groups_of(user)}
    return {**user_names(user), **state}


def _contribution(type, user, occurred_at, content, parent, locale, product, self=False):
    fields = {
        "type": type,
        "user": user_names(user),
        "occurred_at": instant(occurred_at),
        "content": content,
        "parent": parent and content_of(parent),
        "locale": locale or None,
        "product": product and product.slug.lower(),
        "self": self,
    }
    return {field: value for field, value in fields.items() if value is not None}


def question(row):
    return _contribution(
        "question", row.creator, row.created, content_of(row), None, row.locale, row.product
    )


def _about_answer(type, row, occurred_at):
    asked = row.question
    return _contribution(
        type,
        row.creator,
        occurred_at,
        content_of(row),
        asked,
        asked.locale,
        asked.product,
        self=row.creator_id == asked.creator_id,
    )


def answer(row):
    return _about_answer("answer", row, row.created)


def solution(row, chosen_at):
    """An answer as the solution of its question. Only the live hook knows `chosen_at`, which Kitsune does not store."""
    return _about_answer("solution", row, chosen_at)


def helpful_vote(row):
    """A helpful vote, credited to the author of the answer."""
    asked = row.answer.question
    return _contribution(
        "helpful_vote",
        row.answer.creator,
        row.created,
        content_of(row),
        row.answer,
        asked.locale,
        asked.product,
    )


def _first_product(document):
    """Translations have the products of their original. The first is the oldest: display order changes."""
    return (document.parent or document).products.order_by("pk").first()


def kb_edit(row):
    document = row.document
    return _contribution(
        "kb_edit",
        row.creator,
        row.created,
        content_of(row),
        document,
        document.locale,
        _first_product(document),
    )


def kb_review(row):
    document = row.document
    return _contribution(
        "kb_review",
        row.reviewer,
        row.reviewed,
        content_of(row),
        document,
        document.locale,
        _first_product(document),
        self=row.reviewer_id == row.creator_id,
    )
