"""
People who use the stand-in Kitsune, and a ledger of what they did.

`standing` counts live: it looks at the models as they are now, and for content that is gone at how it stood when it
went. What it knows of a contribution is what was asked of the model, nothing that the hooks said.
"""

from datetime import timedelta

from counting import Contribution
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kitsune.community.models import DeletedContribution
from kitsune.products.models import Product
from kitsune.questions.models import Answer, AnswerVote, Question
from kitsune.users.models import Profile, deactivate_users, delete_user_pipeline
from kitsune.wiki.models import Document, Revision

LOCALES = ["en-US", "en-US", "de", "fr"]


def first_product(document):
    products = (document.parent or document).products.all()
    return min(products, key=lambda product: product.pk, default=None)


def slug_of(product):
    return product.slug if product else ""


class Community:
    def __init__(self, random):
        self.random = random
        self.ledger = {}  # (type, key) -> Contribution, with its first values
        self.final = {}  # (type, key) -> whether it stood when its content was deleted
        self.good = set()  # (type, key) that were not spam at some time, and so were sent
        self.people = []
        self.gone = set()
        self.products = [
            Product.objects.create(slug=slug, title=slug, display_order=order, is_archived=slug == "thimble")
            for slug, order in [("firefox", 3), ("mobile", 2), ("thimble", 1)]
        ]
        self.bot = Profile.get_sumo_bot()

    # Who and when

    def person(self, username, **profile):
        with transaction.atomic():
            user = User.objects.create(username=username)
            Profile.objects.create(user=user, **profile)
        self.people.append(user)
        return user

    def present(self):
        return [user for user in self.people if user.pk not in self.gone]

    def somebody(self):
        return self.random.choice(self.present())

    def sometime(self):
        """In the last 60 days, and never within an hour of a whole number of days ago: no window cuts it in two."""
        random = self.random
        return timezone.now() - timedelta(days=random.randrange(60), hours=random.uniform(1, 23))

    # What they do. Each acts on the models as Kitsune's views do and writes the ledger.

    def _enter(self, type, row, user, at, locale, product, own=False, good=True):
        if user.pk != self.bot.pk:
            entry = Contribution(type, user.pk, at, locale, slug_of(product), own)
            self.ledger.setdefault((type, row.pk), entry)
            if good:
                self.good.add((type, row.pk))

    def ask(self, user, locale="en-US", product=None, at=None, **more):
        at = at or self.sometime()
        question = Question.objects.create(
            creator=user, title="?", locale=locale, product=product, created=at, **more
        )
        self._enter("question", question, user, at, locale, product, good=not question.is_spam)
        return question

    def answer(self, user, question, at=None, **more):
        at = at or self.sometime()
        answer = Answer.objects.create(question=question, creator=user, created=at, content="!", **more)
        own = user.pk == question.creator_id
        good = not answer.is_spam and not question.is_spam
        self._enter("answer", answer, user, at, question.locale, question.product, own, good)
        return answer

    def solve(self, question, answer):
        question.set_solution(answer)
        own = answer.creator_id == question.creator_id
        self._enter(
            "solution", answer, answer.creator, timezone.now(), question.locale, question.product, own
        )

    def vote(self, voter, answer, helpful=True):
        at = self.sometime()
        vote = AnswerVote.objects.create(answer=answer, creator=voter, helpful=helpful, created=at)
        if helpful and voter != answer.creator:
            asked = answer.question
            self._enter("helpful_vote", vote, answer.creator, at, asked.locale, asked.product)

    def document(self, locale="en-US", parent=None, products=()):
        document = Document.objects.create(title="D", locale=locale, parent=parent)
        document.products.set(products)
        return document

    def revise(self, user, document, at=None):
        at = at or self.sometime()
        revision = Revision.objects.create(document=document, creator=user, created=at)
        self._enter("kb_edit", revision, user, at, document.locale, first_product(document))
        return revision

    def review(self, user, revision, approve=True):
        at = self.sometime()
        revision.review(user, approve, at)
        document, own = revision.document, user.pk == revision.creator_id
        self._enter("kb_review", revision, user, at, document.locale, first_product(document), own)

    def delete(self, act):
        """Does something that deletes content, and remembers which contributions stood before."""
        before = self._verdicts()
        act()
        after = self._verdicts()
        went = [key for key in self.ledger if before[key] is not None and after[key] is None]
        self.final.update({key: before[key] for key in went})

    def unmark(self, row):
        row.unmark_spam()
        self.good |= {key for key, verdict in self._verdicts().items() if verdict}

    def reclassify(self, question, product):
        """A contribution has the product of the moment when it is sent; one that was always spam is sent later."""
        keys = [("question", question.pk), *(("answer", answer.pk) for answer in question.answers.all())]
        for key in keys:
            if key in self.ledger and key not in self.good:
                self.ledger[key] = self.ledger[key]._replace(product=slug_of(product))
        question.product = product
        question.save()

    def leave(self, user):
        self.gone.add(user.pk)
        for key in [key for key, entry in self.ledger.items() if entry.user == user.pk and key not in self.good]:
            del self.ledger[key]  # it will be the bot's when it is sent
        self.delete(lambda: delete_user_pipeline(User.objects.get(pk=user.pk)))

    def deactivate_in_bulk(self, users):
        deactivate_users(User.objects.filter(pk__in=[user.pk for user in users]))

    # What counts

    def _verdicts(self):
        """For each contribution whether it counts now; None where its content is gone."""
        questions = {row.pk: row for row in Question.objects.all()}
        answers = {row.pk: row for row in Answer.objects.all()}
        revisions = set(Revision.objects.values_list("pk", flat=True))
        votes = set(AnswerVote.objects.values_list("pk", flat=True))

        def verdict(type, key):
            if type == "question":
                return not questions[key].is_spam if key in questions else None
            if type in ("answer", "solution"):
                if key not in answers:
                    return None
                asked = questions[answers[key].question_id]
                good = not answers[key].is_spam and not asked.is_spam
                return good and (type == "answer" or asked.solution_id == key)
            return True if key in (votes if type == "helpful_vote" else revisions) else None

        def verdict_of(type, key):
            return True if isinstance(key, str) else verdict(type, key)  # from DeletedContribution

        return {(type, key): verdict_of(type, key) for type, key in self.ledger}

    def standing(self):
        verdicts = self._verdicts()
        return [
            entry
            for key, entry in self.ledger.items()
            if (self.final[key] if verdicts[key] is None else verdicts[key])
        ]

    def inactive(self):
        return set(User.objects.filter(is_active=False).values_list("pk", flat=True))

    def forget_the_past(self):
        """From here on the ledger holds only what the database still has."""
        self.ledger, self.final, self.good = {}, {}, set()
        for row in Question.objects.all():
            self._enter("question", row, row.creator, row.created, row.locale, row.product)
        for row in Answer.objects.all():
            asked = row.question
            facts = (row.creator, row.created, asked.locale, asked.product, row.creator_id == asked.creator_id)
            self._enter("answer", row, *facts)
            if asked.solution_id == row.pk:
                self._enter("solution", row, *facts)
        for row in AnswerVote.objects.filter(helpful=True):
            author, asked = row.answer.creator, row.answer.question
            if row.creator_id != author.pk:
                self._enter("helpful_vote", row, author, row.created, asked.locale, asked.product)
        for row in Revision.objects.all():
            facts = (row.document.locale, first_product(row.document))
            self._enter("kb_edit", row, row.creator, row.created, *facts)
            if row.reviewed and row.reviewer:
                own = row.reviewer == row.creator
                self._enter("kb_review", row, row.reviewer, row.reviewed, *facts, own)
        for row in DeletedContribution.objects.exclude(content_type__model="document"):
            product = min(row.products.all(), key=lambda product: product.pk, default=None)
            facts = (row.contributor, row.contribution_timestamp, row.locale, product)
            row.pk = f"deleted {row.pk}"
            self._enter({"answer": "answer", "revision": "kb_edit"}[row.content_type.model], row, *facts)
            if row.metadata.get("is_solution"):
                self._enter("solution", row, *facts)
        self.good = {key for key, verdict in self._verdicts().items() if verdict}

    # A random day

    def act(self):
        """One random act. It reads rows again, as a request would."""
        random = self.random
        some = lambda model, **how: random.choice(list(model.objects.filter(**how).order_by("pk")) or [None])  # noqa: E731
        acts = {
            "ask": 12, "answer": 40, "vote": 14, "revise": 14, "review": 9, "solve": 8, "unsolve": 3, "edit": 4,
            "spam": 6, "unspam": 5, "delete answer": 3, "delete question": 1.5, "delete revision": 1.5,
            "delete document": 0.5, "reclassify": 2, "rename": 2, "deactivate": 0.7, "bot": 1, "leave": 0.4,
        }  # fmt: skip
        act = random.choices(list(acts), list(acts.values()))[0]
        question, answer = some(Question), some(Answer)
        if act == "ask" or question is None:
            product = random.choice([*self.products, None])
            self.ask(self.somebody(), random.choice(LOCALES), product, is_spam=random.random() < 0.05)
        elif act == "answer" or answer is None:
            # Some people answer a lot, and sometimes the asker does.
            busy = self.present()[:6] if random.random() < 0.6 else [self.somebody(), question.creator]
            author = random.choice(busy)
            self.answer(author, question, is_spam=random.random() < 0.05)
        elif act == "vote":
            self.vote(self.somebody(), answer, random.random() < 0.7)
        elif act == "revise" and (document := some(Document)):
            self.revise(self.somebody(), document)
        elif act == "review" and (revision := some(Revision, reviewed=None)):
            self.review(self.somebody(), revision, random.random() < 0.7)
        elif act == "solve" and not answer.is_spam and not answer.question.is_spam:
            if answer.question.solution_id != answer.pk:
                self.solve(answer.question, answer)
        elif act == "unsolve" and (solved := some(Question, solution__isnull=False)):
            solved.unsolve()
        elif act == "edit":
            answer.content += "!"
            answer.save()
        elif act == "spam":
            random.choice([question, answer, answer]).mark_as_spam()
        elif act == "unspam" and (spam := some(random.choice([Question, Answer]), is_spam=True)):
            self.unmark(spam)
        elif act == "delete answer":
            self.delete(answer.delete)
        elif act == "delete question":
            self.delete(question.delete)
        elif act == "delete revision" and (revision := some(Revision)):
            self.delete(revision.delete)
        elif act == "delete document" and Document.objects.count() > 4:
            self.delete(some(Document).delete)
        elif act == "reclassify":
            self.reclassify(question, random.choice(self.products))
        elif act == "rename":
            user = self.somebody()
            user.username = f"{user.username.split('-')[0]}-{random.randrange(1000)}"
            user.save()
        elif act == "deactivate":
            user = self.somebody()
            user.is_active = not user.is_active
            user.save()
        elif act == "bot":
            self.answer(self.bot, question)
        elif act == "leave" and len(self.present()) > 12:
            self.leave(self.somebody())
