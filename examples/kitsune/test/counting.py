"""The contract's numbers, counted here from contributions that stand (docs: boards and metrics)."""

from collections import Counter, namedtuple
from datetime import timedelta

Contribution = namedtuple("Contribution", "type user at locale product own")

TYPES = ["question", "answer", "solution", "kb_edit", "kb_review", "helpful_vote"]
BOARDS = {
    "support-forum": lambda one: one.type == "answer" and not one.own,
    "solutions": lambda one: one.type == "solution" and not one.own,
    "questions": lambda one: one.type == "question",
    "kb": lambda one: one.type == "kb_edit" and one.locale == "en-US",
    "l10n": lambda one: one.type == "kb_edit" and one.locale != "en-US",
    "reviews": lambda one: one.type == "kb_review",
    "helpful": lambda one: one.type == "helpful_vote",
    "overall": lambda one: one.type != "question" and not one.own,
}
KB = {"kb_edit", "kb_review"}
METRICS = {
    "support_forum_contributors": (lambda one: one.type == "answer" and not one.own, 10),
    "kb_contributors": (lambda one: one.type in KB and one.locale == "en-US", 1),
    "l10n_contributors": (lambda one: one.type in KB and one.locale != "en-US", 1),
    "active_contributors": (lambda one: one.type != "question" and not one.own, 1),
}
FILTERS = [{}, {"locale": "de"}, {"product": "firefox"}]


def lifetime(standing, user):
    counts = Counter(one.type for one in standing if one.user == user)
    return {"total": sum(counts.values()), **{type: counts[type] for type in TYPES}}


def within(standing, days, now, chosen):
    return [
        one
        for one in standing
        if (days is None or one.at >= now - timedelta(days=days))
        and chosen.get("locale", one.locale) == one.locale
        and chosen.get("product", one.product) == one.product
    ]


def board(rule, standing, absent):
    """[rank, user, count] of everybody who is shown."""
    counts = Counter(one.user for one in standing if rule(one) and one.user not in absent)
    order = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [[1 + sum(more > count for _, more in order), user, count] for user, count in order]


def metric(rule, least, standing):
    counts = Counter(one.user for one in standing if rule(one))
    return sum(count >= least for count in counts.values())
