"""Questions and answers: created, marked as spam, unmarked."""

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from kitsune.questions.models import Answer, Question
from perennial import facts
from perennial.hooks.telling import count_again, lock, locked, retracted, saves, tell_created
from perennial.outbox import record, require_transaction


@receiver(pre_save, sender=Question)
def look_at_question(instance, raw, **_):
    require_transaction()
    instance._before = None if raw else locked(Question, instance.pk, "is_spam")


@receiver(post_save, sender=Question)
def question_saved(instance, created, raw, update_fields, **_):
    if raw:
        return
    if created and not instance.is_spam:
        tell_created(facts.question(instance))
    if instance._before and saves("is_spam", update_fields):
        if instance.is_spam and not instance._before["is_spam"]:
            _question_became_spam(instance)
        if instance._before["is_spam"] and not instance.is_spam:
            _question_became_good(instance)


def _good_answers(question):
    good = [answer for answer in lock(Answer, question_id=question.pk) if not answer.is_spam]
    for answer in good:
        answer.question = question  # the instance being saved, not one that another process has read
    return good


def _question_became_spam(question):
    contents = [question, *_good_answers(question)]
    record("contribution.retracted", [retracted(facts.content_of(row), "spam") for row in contents])


def _question_became_good(question):
    answers = _good_answers(question)
    count_again(
        facts.question(question),
        *(item for answer in answers for item in _of_answer(answer, question.solution_id)),
    )


def _of_answer(answer, solution_id):
    """The contributions of an answer that is not spam."""
    yield facts.answer(answer)
    if answer.pk == solution_id:
        # Kitsune does not store when it was chosen, so the answer's own time is used, as in export/solution.sql.
        yield facts.solution(answer, answer.created)


@receiver(pre_save, sender=Answer)
def look_at_answer(instance, raw, **_):
    require_transaction()
    if raw:
        return
    instance._asked = locked(Question, instance.question_id, "is_spam", "solution_id")
    instance._before = locked(Answer, instance.pk, "is_spam")


@receiver(post_save, sender=Answer)
def answer_saved(instance, created, raw, update_fields, **_):
    if raw or instance._asked["is_spam"]:
        return  # answers to a spam question do not count
    if created and not instance.is_spam:
        tell_created(facts.answer(instance))
    if instance._before and saves("is_spam", update_fields):
        if instance.is_spam and not instance._before["is_spam"]:
            record("contribution.retracted", [retracted(facts.content_of(instance), "spam")])
        if instance._before["is_spam"] and not instance.is_spam:
            count_again(*_of_answer(instance, instance._asked["solution_id"]))
