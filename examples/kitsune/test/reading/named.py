"""Checks each difference that docs/kitsune.md names, with its exact numbers."""

from datetime import timedelta, timezone as zones

from consumers import live, read_now, title
from delivering import say, until
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.questions.models import Answer, AnswerVote, Question
from kitsune.sumo.models import midnight
from kitsune.users.models import Profile, deactivate_users, delete_user_pipeline
from kitsune.wiki.models import Document, Revision
from perennial.reading import community, kpi, questions, users, wiki
from perennial.tasks import deliver


def activity():
    """Activity by the log's rule, as (user, time): everything but questions and work on one's own content."""
    for answer in Answer.objects.select_related("question"):
        if answer.creator_id != answer.question.creator_id:
            yield answer.creator_id, answer.created
            if answer.question.solution_id == answer.pk:
                yield answer.creator_id, answer.created
    for revision in Revision.objects.all():
        yield revision.creator_id, revision.created
        if revision.reviewer_id and revision.reviewer_id != revision.creator_id:
            yield revision.reviewer_id, revision.reviewed
    for vote in AnswerVote.objects.filter(helpful=True).select_related("answer"):
        yield vote.answer.creator_id, vote.created


def cohorts_by_rule(today):
    """The cohorts of `active_contributors`, by brute force: each person is in that of the week of their first activity."""
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(12, 0, -1)]
    acts = list(activity())

    def active(week):
        begin, end = midnight(week), midnight(week + timedelta(weeks=1))
        return {user for user, at in acts if begin <= at < end}

    first = {}
    for user, at in acts:
        first[user] = min(at, first.get(user, at))
    began = {
        week: {user for user, at in first.items() if midnight(week) <= at < midnight(week + timedelta(weeks=1))}
        for week in weeks
    }
    return [
        (week, len(began[week]), [(later, len(began[week] & active(later))) for later in weeks if later >= week])
        for week in weeks
    ]


def check_named(today):
    """Where rules differ on the whole site: counted here by the log's rule."""
    found = [
        (row["start"], row["size"], [(one["start"], one["size"]) for one in row["retention_metrics"]])
        for row in read_now((kpi.cohorts, ("contributor", today), {}))
    ]
    assert found == cohorts_by_rule(today), (found, cohorts_by_rule(today))

    counted = {row["date"]: row for row in live((kpi.questions_metrics, (), {}))}
    found = {row["date"]: row for row in read_now((kpi.questions_metrics, (), {}))}
    days = set(found) - {min(found), timezone.now().date()}
    assert len(days) > 50
    by_others = replies_by_others()
    for day in days:
        replied = {f"responded_{hours}": counts.get(day, 0) for hours, counts in by_others.items()}
        expected = {**counted[day], **replied}
        assert found[day] == expected, (found[day], expected)
    assert any(found[day]["responded_24"] < counted[day]["responded_24"] for day in days)

    before = timezone.now() - timedelta(hours=24)
    answers = Answer.objects.exclude(creator=F("question__creator")).values_list("creator", "created")
    edits = Revision.objects.exclude(document__locale="en-US").values_list("creator", "created")
    for function, rows in ((community.first_answer_recipients, answers), (community.first_l10n_recipients, edits)):
        call = (function, (before,), {})
        recently = {user for user, at in rows if before - timedelta(days=30) <= at <= before}
        assert read_now(call) == recently and recently < live(call), title(call)
    say("cohorts of all contributors, replies by others and first contributions are those of the log's rule")


def replies_by_others():
    """How many questions of each day got a reply by someone else within so many hours: `{24: {day: n}, 72: …}`."""
    soon = {24: {}, 72: {}}
    recent = Question.objects.filter(created__gte=timezone.now() - timedelta(days=366))
    for question in recent.prefetch_related("answers"):
        waits = [a.created - question.created for a in question.answers.all() if a.creator_id != question.creator_id]
        waits = [wait for wait in waits if wait >= timedelta(0)]
        day = question.created.astimezone(zones.utc).date()
        for hours, counts in soon.items():
            if waits and min(waits) <= timedelta(hours=hours):
                counts[day] = counts.get(day, 0) + 1
    return soon


class Scenes:
    """Small stories, each with its own people and with the numbers that the site and the log show."""

    def __init__(self):
        self.expected = []
        self.group = Group.objects.get(name="forum-contributors")
        self.asker = self.person("scene-asker")

    def person(self, name):
        with transaction.atomic():
            user = User.objects.create(username=name)
            Profile.objects.create(user=user)
        return user

    def ask(self, user=None, days=1.5, **more):
        at = timezone.now() - timedelta(days=days)
        return Question.objects.create(
            creator=user or self.asker, title="?", created=at, **{"locale": "en-US", **more}
        )

    def answer(self, user, question=None, days=1.5, **more):
        question = question or self.ask(days=days + 0.01)
        at = timezone.now() - timedelta(days=days)
        return Answer.objects.create(question=question, creator=user, created=at, content="!", **more)

    def differ(self, function, *args, live, log, show=lambda result: result, **kwargs):
        """What a call shows, on the site and from the log."""
        self.expected.append(((function, args, kwargs), show, live, log))

    def spam(self):
        user = self.person("spam")
        self.answer(user)
        self.answer(user, is_spam=True)
        self.differ(questions.num_answers, user, live=2, log=1)
        self.differ(users.answers_contributed, user, show=len, live=2, log=1)
        user, moderator = self.person("spam-question"), self.person("moderator")
        self.ask(user).mark_as_spam()
        moderator.has_perm = lambda permission: permission == "flagit.can_moderate"
        self.differ(questions.num_questions, user, moderator, live=1, log=0)

    def solutions(self):
        user, late = self.person("own-solutions"), self.person("late-solution")
        for _ in range(15):
            question = self.ask(user)
            question.set_solution(self.answer(user, question))
        for _ in range(15):
            question = self.ask(days=41)
            question.set_solution(self.answer(late, question, days=40))

        def shown(rows):
            return {row["username"] for row in rows} & {user.username, late.username}

        self.differ(users.weekly_solutions, show=shown, live={"own-solutions"}, log={"late-solution"})

    def product_moves(self):
        user = self.person("moved")
        user.groups.add(self.group)
        firefox, mobile = (Product.objects.get(slug=slug) for slug in ("firefox", "mobile"))
        question = self.ask(product=firefox)
        self.answer(user, question)
        question.product = mobile
        question.save()

        def shown(result):
            return [row["count"] for row in result[0] if row["term"] == str(user.pk)]

        board = community.top_contributors_questions
        self.differ(board, product=firefox, count=1000, show=shown, live=[], log=[1])
        self.differ(board, product=mobile, count=1000, show=shown, live=[1], log=[])

    def groups_come_and_go(self):
        """No difference: people who join a group are on both boards, and people who leave or never were in one on neither."""
        member, left, none = self.person("member"), self.person("left"), self.person("no-group")
        self.group.user_set.add(member, left)
        for user in (member, left, none):
            self.answer(user)
        left.groups.clear()

        def shown(result):
            names = [row["user"]["username"] for row in result[0]]
            return [name for name in names if name in ("member", "left", "no-group")]

        board = community.top_contributors_questions
        self.differ(board, count=1000, show=shown, live=["member"], log=["member"])

    def inactive(self):
        user = self.person("inactive")
        document = Document.objects.create(title="D", locale="tlh")
        at = timezone.now() - timedelta(days=3)
        Revision.objects.create(document=document, creator=user, created=at)
        deactivate_users(User.objects.filter(pk=user.pk))
        start = timezone.localdate() - timedelta(days=90)
        self.differ(wiki.active_contributors, start, None, "tlh", show=len, live=1, log=0)
        self.differ(wiki.num_active_contributors, start, None, "tlh", live=1, log=1)

    def leaves(self):
        """A person who leaves is off every board immediately, although the log learns of it later."""
        user = self.person("leaver")
        user.groups.add(self.group)
        self.answer(user)
        assert deliver(seconds=3600) > 0
        board = community.top_contributors_questions, (), {"count": 1000}

        def names():
            return {row["user"]["username"] for row in read_now(board)[0]}

        until(lambda: "leaver" in names(), "the answer is on the board")
        delete_user_pipeline(user)
        assert "leaver" not in names() and len(names()) > 10
        assert deliver(seconds=3600) > 0

    def kpi(self):
        """Spam and the bot are in Kitsune's KPI."""
        user, bot = self.person("four-are-spam"), Profile.get_sumo_bot()
        day = timezone.localdate() + timedelta(days=1)
        counted = live((kpi.support_forum_contributors, (day,), {}))
        for spam in [True] * 4 + [False] * 6:
            self.answer(user, is_spam=spam)
        for _ in range(10):
            self.answer(bot)
        found = read_now((kpi.support_forum_contributors, (day,), {}))
        self.differ(kpi.support_forum_contributors, day, live=counted + 2, log=found)

    def staff(self):
        user = self.person("staff")
        question = self.ask(days=3.5)
        for _ in range(2):
            self.answer(user, question, days=1.5)
        asked, answered = (timezone.localdate(timezone.now() - timedelta(days=days)) for days in (3.5, 1.5))
        self.differ(questions.questions_answered, answered, [user], live={"staff": 0}, log={"staff": 1})
        self.differ(questions.questions_answered, asked, [user], live={"staff": 1}, log={"staff": 0})


def play_scenes():
    """Plays the scenes, and delivers with the function that a scheduler calls."""
    scenes = Scenes()
    for name in ("spam", "solutions", "product_moves", "groups_come_and_go", "inactive", "kpi", "staff"):
        getattr(scenes, name)()
    assert deliver(seconds=3600) > 0
    for call, show, counted, found in scenes.expected:
        assert show(live(call)) == counted, (title(call), show(live(call)), counted)
        until(lambda: show(read_now(call)) == found, f"{title(call)} is {found}, not {show(read_now(call))}")
    scenes.leaves()
    say(f"{len(scenes.expected)} scenes differ as named")
