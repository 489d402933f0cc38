from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from kitsune.products.models import Product
from kitsune.sumo.models import LocaleField, ModelBase


class AAQBase(ModelBase):
    created = models.DateTimeField(default=timezone.now, db_index=True)
    content = models.TextField()
    is_spam = models.BooleanField(default=False)
    marked_as_spam = models.DateTimeField(default=None, null=True)

    class Meta:
        abstract = True

    def mark_as_spam(self):
        self.is_spam = True
        self.marked_as_spam = timezone.now()
        self.save()

    def unmark_spam(self):
        """The body of `questions/views.py::unmark_spam`."""
        self.is_spam = False
        self.marked_as_spam = None
        self.save()


class Question(AAQBase):
    title = models.CharField(max_length=255)
    creator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="questions")
    num_answers = models.IntegerField(default=0)
    solution = models.ForeignKey("Answer", on_delete=models.SET_NULL, related_name="solution_for", null=True)
    is_locked = models.BooleanField(default=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, default=None)
    locale = LocaleField()

    @transaction.atomic
    def set_solution(self, answer):
        from perennial import hooks

        hooks.solution_changes(self, answer)
        self.solution = answer
        self.save()

    @transaction.atomic
    def unsolve(self):
        """The body of `questions/views.py::unsolve`."""
        from perennial import hooks

        hooks.solution_changes(self, None)
        self.solution = None
        self.save()


class Answer(AAQBase):
    question = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="answers")
    creator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="answers")

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self._count(self.question)

    def delete(self, *args, **kwargs):
        question = Question.objects.get(pk=self.question_id)
        if question.solution_id == self.pk:
            question.solution = None  # looks like unsetting the solution, but is not
        question.save()
        super().delete(*args, **kwargs)
        self._count(question)

    def _count(self, question):
        question.num_answers = Answer.objects.filter(question=question, is_spam=False).count()
        question.save()


class AnswerVote(ModelBase):
    created = models.DateTimeField(default=timezone.now, db_index=True)
    anonymous_id = models.CharField(max_length=40, db_index=True)
    answer = models.ForeignKey("Answer", on_delete=models.CASCADE, related_name="votes")
    helpful = models.BooleanField(default=False)
    creator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="answer_votes", null=True)
