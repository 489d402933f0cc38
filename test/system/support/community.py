"""Numbers about the community, computed from the contract alone (docs/contract.md, "Community"), to compare with.

Reads contributions and retractions from standard input, a JSON object a line, and a list of questions from the first
argument: {"route", "rule", "interval", "time_zone", "from", "to", "as_of"}. Prints the points or cohorts of each.
"""

import json
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

HOUR = 3_600_000
DEFAULT_LOCALE = "en-US"
RULES = {
    "support_forum_contributors": lambda one: one["type"] == "answer" and not one["self"],
    "kb_contributors": lambda one: one["type"] in ("kb_edit", "kb_review") and one["locale"] == DEFAULT_LOCALE,
    "l10n_contributors": lambda one: one["type"] in ("kb_edit", "kb_review")
    and one["locale"] not in ("", DEFAULT_LOCALE),
    "active_contributors": lambda one: one["type"] != "question" and not one["self"],
}


def instant(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((moment - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) / timedelta(milliseconds=1))


def identity(one):
    return one["type"], one["content"]["type"], str(one["content"]["id"])


def rounded(value, digits):
    """Half up, in whole numbers."""
    scale = 10**digits
    return ((value * scale * 2 + 1) // 2) / scale


def first_day(day, interval):
    if interval == "day":
        return day
    if interval == "week":
        return day - timedelta(days=day.weekday())
    months = {"month": 1, "quarter": 3, "year": 12}[interval]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_day(day, interval):
    following = day
    while first_day(following, interval) == day:
        following += timedelta(days=1)
    return following


class Question:
    def __init__(self, asked):
        self.interval = asked["interval"]
        self.zone = ZoneInfo(asked["time_zone"])
        self.rule = RULES[asked.get("rule", "active_contributors")]
        self.as_of = instant(asked["as_of"])
        self.starts = []
        day = first_day(date.fromisoformat(asked["from"]), self.interval)
        self.before = first_day(day - timedelta(days=1), self.interval)
        end = min(self.midnight(date.fromisoformat(asked["to"])), self.as_of)
        while self.midnight(day) < end:
            self.starts.append(day)
            day = next_day(day, self.interval)
        self.end = end

    def midnight(self, day):
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return instant(local.astimezone(ZoneInfo("UTC")).isoformat())

    def label(self, at):
        day = datetime.fromtimestamp(at // 1000, self.zone).date()
        return first_day(day, self.interval)

    def is_over(self, day):
        return self.midnight(next_day(day, self.interval)) <= self.as_of


def activity(contributions, question):
    """Each interval's people with the numbers of their contributions, and everybody's first interval."""
    by_interval, firsts = defaultdict(Counter), {}
    for one in contributions:
        if question.rule(one):
            firsts[one["user"]] = min(firsts.get(one["user"], one["at"]), one["at"])
            if one["at"] < question.end:
                by_interval[question.label(one["at"])][one["user"]] += 1
    return by_interval, {user: question.label(at) for user, at in firsts.items()}


def community(contributions, question):
    by_interval, began = activity(contributions, question)
    points = []
    before = set(by_interval[question.before])
    for day in question.starts:
        counts = by_interval[day]
        total, active = sum(counts.values()), set(counts)
        descending = sorted(counts.values(), reverse=True)
        people = 0
        while 2 * sum(descending[:people]) < total:
            people += 1
        new = {user for user in active if began[user] == day}
        points.append({
            "date": day.isoformat(),
            "active": len(active),
            "new": len(new),
            "returning": len(active & before),
            "resurrected": len(active - before - new),
            "dormant": len(before - active),
            "contributions": total,
            "top_share": rounded(Fraction(sum(descending[:10]), total), 4) if total else None,
            "absence_factor": people,
            "complete": question.is_over(day),
        })
        before = active
    return points


def cohorts(contributions, question):
    by_interval, began = activity(contributions, question)
    found = []
    for index, day in enumerate(question.starts):
        members = {user for user, first in began.items() if first == day and user in by_interval[day]}
        retention = []
        for later in question.starts[index:]:
            active = len(members & set(by_interval[later]))
            retention.append({
                "date": later.isoformat(),
                "active": active,
                "share": rounded(Fraction(active, len(members)), 4) if members else None,
                "complete": question.is_over(later),
            })
        found.append({"date": day.isoformat(), "size": len(members), "retention": retention})
    return found


def responses(contributions, question):
    about = defaultdict(list)
    for one in contributions:
        if one["parent"] and one["at"] < question.as_of and one["type"] in ("answer", "solution"):
            about[one["parent"]].append(one)
    asked = defaultdict(list)
    for one in contributions:
        if one["type"] == "question" and one["at"] < question.end:
            asked[question.label(one["at"])].append(one)
    points = []
    for day in question.starts:
        delays, solved, still_open = [], 0, 0
        for one in asked[day]:
            later = about[one["id"]]
            replies = [
                reply["at"] - one["at"]
                for reply in later
                if reply["type"] == "answer"
                and not reply["self"]
                and reply["user"] != one["user"]
                and reply["at"] >= one["at"]
            ]
            solved += any(reply["type"] == "solution" for reply in later)
            still_open += not replies and question.as_of - one["at"] < 72 * HOUR
            delays += [min(replies)] if replies else []
        delays.sort()
        count = len(delays)
        middle = delays[(count - 1) // 2] + delays[count // 2] if delays else 0
        points.append({
            "date": day.isoformat(),
            "questions": len(asked[day]),
            "replied": count,
            "replied_24h": sum(delay <= 24 * HOUR for delay in delays),
            "replied_72h": sum(delay <= 72 * HOUR for delay in delays),
            "solved": solved,
            "median_hours": rounded(Fraction(middle, 2 * HOUR), 2) if delays else None,
            "p90_hours": rounded(Fraction(delays[-(-9 * count // 10) - 1], HOUR), 2) if delays else None,
            "open": still_open,
        })
    return points


ROUTES = {"/v1/community": community, "/v1/community/cohorts": cohorts, "/v1/responses": responses}


def main():
    contributions, retracted = {}, set()
    for line in sys.stdin:
        one = json.loads(line)
        if "reason" in one:
            retracted.add(identity(one))
            continue
        parent = one.get("parent")
        contributions.setdefault(identity(one), {
            "type": one["type"],
            "id": identity(one)[1:],
            "user": one["user"]["id"],
            "at": instant(one["occurred_at"]),
            "parent": parent and (parent["type"], str(parent["id"])),
            "locale": one.get("locale") or "",
            "self": one.get("self") or False,
        })
    standing = [one for key, one in contributions.items() if key not in retracted]
    print(json.dumps([ROUTES[asked["route"]](standing, Question(asked)) for asked in json.loads(sys.argv[1])]))


main()
