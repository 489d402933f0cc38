"""
A site with a past: contributions, one a line as Perennial takes them, made into rows of the stand-in. What is made up
here has every type; a file can add what a real community did. Nobody's contribution is near the edge of a rolling window,
so that no number changes while the test runs.
"""

import gzip
import json
import random
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, User
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.questions.models import Answer, AnswerVote, Question
from kitsune.users.models import Profile
from kitsune.wiki.models import Document, Revision

# Made-up keys begin here, above all real ones.
MADE_UP = 100_000_000
LOCALES = ["en-US", "en-US", "en-US", "de", "fr", "pt-BR"]
PRODUCTS = ["firefox", "mobile", "thunderbird"]
PAST_DAYS = 900


def made_up(seed, count):
    """
    Contributions of 60 people in the last years, most of them by a few, half of them in the last 120 days. Keys rise with
    time, as they do on a site: Kitsune takes the lowest for the first.
    """
    lines = sorted(_in_any_order(seed, count), key=lambda line: line["occurred_at"])
    keys = {line["content"]["id"]: str(MADE_UP + place) for place, line in enumerate(lines)}
    for line in lines:
        parent = {"parent": {"id": keys.get(line["parent"]["id"], line["parent"]["id"])}} if "parent" in line else {}
        yield {**line, "content": {"id": keys[line["content"]["id"]]}, **parent}


def _in_any_order(seed, count):
    rng = random.Random(seed)
    questions, answers, revisions = [], [], 0

    def line(type, user, key, **more):
        days = rng.choice([120, PAST_DAYS]) * rng.random()
        at = timezone.now() - timedelta(days=int(days), hours=rng.uniform(2, 22))
        return {
            "type": type,
            "user": {"id": MADE_UP + user},
            "occurred_at": at.isoformat(),
            "content": {"id": str(MADE_UP + key)},
            "locale": rng.choice(LOCALES),
            "product": rng.choice(PRODUCTS),
            **more,
        }

    for key in range(1, count):
        user = min(int(rng.expovariate(0.1)) + 1, 60)
        kind = rng.random()
        if kind < 0.2 or not questions:
            questions.append(line("question", user, key))
            yield questions[-1]
        elif kind < 0.65:
            asked = rng.choice(questions)
            asker = asked["user"]["id"] - MADE_UP
            if rng.random() < 0.05:
                user = asker
            at = datetime.fromisoformat(asked["occurred_at"]) + timedelta(hours=rng.choice([0.5, 5, 40, 100]))
            if at > timezone.now() - timedelta(hours=2):
                at = None
            more = {"parent": asked["content"], "self": user == asker}
            if at:
                more["occurred_at"] = at.isoformat()
            answers.append(line("answer", user, key, **more))
            yield answers[-1]
            if not more["self"] and rng.random() < 0.2:
                yield {**answers[-1], "type": "solution"}
        elif kind < 0.9:
            revisions += 1
            yield line("kb_edit", user, key, parent={"id": f"made up {rng.randrange(60)}"})
        elif answers:
            yield line("helpful_vote", rng.choice(answers)["user"]["id"] - MADE_UP, key)


def real(path, every):
    """The contributions of every n-th person in a file, shifted so that they end two days ago."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        lines = [json.loads(line) for line in file]
    kept = [line for line in lines if line["user"]["id"] % every == 0]
    last = max(datetime.fromisoformat(line["occurred_at"].replace("Z", "+00:00")) for line in lines)
    moved = timedelta(days=(timezone.now() - last).days - 2)
    for line in kept:
        at = datetime.fromisoformat(line["occurred_at"].replace("Z", "+00:00")) + moved
        yield {**line, "occurred_at": at.isoformat()}


def near_an_edge(at):
    """Whether a window of whole days that ends now begins or ends near an instant."""
    age = timezone.now() - at
    return not timedelta(hours=1) < age % timedelta(days=1) < timedelta(hours=23)


class Site:
    """Rows made of contributions."""

    def __init__(self, lines):
        self.rng = random.Random(1)
        self.people, self.questions, self.answers = set(), {}, {}
        self.documents, self.revisions, self.votes = {}, [], []
        self.solutions = {}
        for line in lines:
            at = datetime.fromisoformat(line["occurred_at"])
            if line["type"] != "question" and near_an_edge(at):
                continue
            self.people.add(line["user"]["id"])
            getattr(self, f"_{line['type']}")(line, at)

    def write(self):
        """Writes everything to the database in bulk, so that no hook runs."""
        now = timezone.now()
        with transaction.atomic():
            Product.objects.bulk_create(Product(slug=slug, title=slug) for slug in PRODUCTS)
            self.product = {product.slug: product for product in Product.objects.all()}
            ids = sorted(self.people)
            self.asker = max(ids) + 1
            everybody = [*ids, self.asker]
            User.objects.bulk_create(
                User(pk=pk, username=f"person{pk}", date_joined=now - timedelta(minutes=pk % 10**6)) for pk in everybody
            )
            Profile.objects.bulk_create(Profile(pk=pk, name=f"Person {pk}" if pk % 3 else "") for pk in everybody)
            self._join(ids)
            self._write_forum()
            self._write_kb()
            reset = connection.ops.sequence_reset_sql(
                no_style(), [User, Product, Question, Answer, AnswerVote, Document, Revision]
            )
            with connection.cursor() as cursor:
                for statement in reset:
                    cursor.execute(statement)

    def _join(self, ids):
        """Two of three people are in a contributor group, some of them in two."""
        groups = [Group.objects.create(name=name) for name in ("forum-contributors", "Contributors", "staff")]
        member = User.groups.through
        member.objects.bulk_create(member(user_id=pk, group=groups[pk % 3]) for pk in ids)
        member.objects.bulk_create(member(user_id=pk, group=groups[1]) for pk in ids if pk % 6 == 0)

    def _question(self, line, at):
        self.questions[int(line["content"]["id"])] = (line, at, line["user"]["id"])

    def _answer(self, line, at):
        question = int(line["parent"]["id"])
        asker = line["user"]["id"] if line.get("self") else None
        self.questions.setdefault(question, (line, at - timedelta(hours=1), asker))
        self.answers[int(line["content"]["id"])] = (line, at, question)

    def _solution(self, line, at):
        self.solutions[int(line["parent"]["id"])] = int(line["content"]["id"])

    def _kb_edit(self, line, at):
        named = line["parent"]["id"], line.get("locale", "")
        document = self.documents.setdefault(named, len(self.documents) + 1)
        self.revisions.append((line, at, document))

    def _helpful_vote(self, line, at):
        self.votes.append((line["user"]["id"], at))

    def _write_forum(self):
        Question.objects.bulk_create(
            Question(
                pk=pk,
                title="?",
                creator_id=creator or self.asker,
                created=at,
                locale=line.get("locale", ""),
                product=self.product.get(line.get("product")),
            )
            for pk, (line, at, creator) in self.questions.items()
        )
        Answer.objects.bulk_create(
            Answer(pk=pk, content="!", question_id=question, creator_id=line["user"]["id"], created=at)
            for pk, (line, at, question) in self.answers.items()
        )
        week = timezone.now() - timedelta(days=8)
        for pk, answer in self.solutions.items():
            if answer in self.answers:
                line, at, question = self.answers[answer]
                own = (self.questions[question][2] or self.asker) == line["user"]["id"]
                if question == pk and not (own and at > week):  # named.py tests that difference
                    Question.objects.filter(pk=pk).update(solution=answer)
        mine = {}
        for pk, (line, _at, _question) in self.answers.items():
            mine.setdefault(line["user"]["id"], pk)
        AnswerVote.objects.bulk_create(
            AnswerVote(answer_id=mine[author], helpful=True, creator_id=self.asker, created=at)
            for author, at in self.votes
            if author in mine and author != self.asker
        )

    def _write_kb(self):
        """Every document has one product; half of the revisions are reviewed ten minutes later."""
        Document.objects.bulk_create(
            Document(pk=pk, title=title, locale=locale) for (title, locale), pk in self.documents.items()
        )
        through = Document.products.through
        first = {document: line.get("product") for line, _at, document in reversed(self.revisions)}
        through.objects.bulk_create(
            through(document_id=document, product=self.product[slug])
            for document, slug in first.items()
            if slug in self.product
        )
        people = sorted(self.people)

        def revision(line, at, document):
            row = Revision(document_id=document, creator_id=line["user"]["id"], created=at)
            if self.rng.random() < 0.5:
                later = at + timedelta(minutes=10)
                same_day = timezone.localtime(later).date() == timezone.localtime(at).date()
                row.reviewed = later if same_day else at
                row.reviewer_id = self.rng.choice(people[-60:])
                row.is_approved = self.rng.random() < 0.7
            return row

        rows = sorted(self.revisions, key=lambda one: one[1])
        Revision.objects.bulk_create(revision(*one) for one in rows)
