"""Compares a Worker's public answers with numbers counted here."""

import time
from urllib.parse import urlencode

import counting
from cluster import HANG_SECONDS
from django.contrib.auth.models import User
from django.utils import timezone


def expected_answers(standing, people, gone, inactive):
    """Every request to the API, with the answer that counting gives."""
    now = timezone.now()
    answers = {}
    for user in people:
        answers[f"/v1/users/{user}?"] = None if user in gone else counting.lifetime(standing, user)
    for chosen in counting.FILTERS:
        for window, days in [("all", None), ("30d", 30)]:
            seen = counting.within(standing, days, now, chosen)
            for name, rule in counting.BOARDS.items():
                query = urlencode({"window": window, "limit": 100, **chosen})
                answers[f"/v1/leaderboards/{name}?{query}&"] = counting.board(rule, seen, gone | inactive)
            if days:
                for name, (rule, least) in counting.METRICS.items():
                    answers[f"/v1/metrics/{name}?{urlencode(chosen)}&"] = counting.metric(rule, least, seen)
    return answers


def _shown(answer):
    if answer is None:
        return None
    if "lifetime" in answer:
        return answer["lifetime"]
    if "entries" in answer:
        assert answer["total"] == len(answer["entries"])
        return [[entry["rank"], entry["user"]["id"], entry["count"]] for entry in answer["entries"]]
    return answer["value"]


def compare_profiles(worker):
    """Every user has their current name, however often it changed and in whatever order messages arrived."""
    position = worker.position()
    for user in User.objects.filter(profile__account_type="regular").select_related("profile"):
        answer = worker.read(f"/v1/users/{user.pk}?at_least={position}")
        avatar = user.profile.fxa_avatar
        expected = {
            "id": user.pk,
            "username": user.username,
            "display_name": (user.profile.name or "").replace("\t", "") or None,
            "avatar_url": avatar if avatar.startswith("https:") else None,
        }
        assert answer is None or answer["user"] == expected, (answer, expected)


def same(shown, expected):
    """A user whom no message has named is unknown, and has no contributions."""
    unnamed = shown is None and isinstance(expected, dict) and expected["total"] == 0
    return unnamed or shown == expected


def compare(worker, standing, people, gone, inactive):
    """Raises where the Worker differs; returns how many answers were compared."""
    compare_profiles(worker)
    position = worker.position()
    answers = expected_answers(standing, people, gone, inactive)
    for path, expected in answers.items():
        deadline = time.monotonic() + HANG_SECONDS  # users' flags reach boards after a moment
        while not same(shown := _shown(worker.read(f"{path}at_least={position}")), expected):
            assert time.monotonic() < deadline, f"{path}\n  shows   {shown}\n  counted {expected}"
            time.sleep(0.5)
    assert worker.read("/v1/status")["contributions"] == len(standing)
    return len(answers)
