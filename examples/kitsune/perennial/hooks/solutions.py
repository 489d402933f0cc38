"""
Solutions, told by a call. Not seen by a signal: Answer.delete sets a deleted answer's question to unsolved and saves
it, which looks like the unset view and must not take the credit away.
"""

from kitsune.questions.models import Answer, Question
from perennial import facts
from perennial.hooks.telling import count_again, locked, retracted
from perennial.outbox import database_now, record


def solution_changes(question, chosen):
    """Call before a question's solution is set to `chosen`, or unset with None, in the same transaction."""
    before = locked(Question, question.pk, "is_spam", "solution_id")
    previous = before["solution_id"]
    if previous == (chosen and chosen.pk):
        return
    at = database_now()
    if previous is not None:
        content = {"type": Answer._meta.label_lower, "id": previous}
        record("contribution.retracted", [retracted(content, "unsolved", type="solution")], at)
    if chosen is None:
        return
    # A spam answer is recorded as the solution once it is unmarked as spam.
    if not before["is_spam"] and not locked(Answer, chosen.pk, "is_spam")["is_spam"]:
        count_again(facts.solution(chosen, at))  # it may have been the solution before
