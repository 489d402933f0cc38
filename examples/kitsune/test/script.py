"""Situations whose numbers are known in advance: those of docs/kitsune.md, as the contract counts them."""

from django.utils import timezone

from kitsune.questions.models import Answer, Question

ZERO = {"question": 0, "answer": 0, "solution": 0, "kb_edit": 0, "kb_review": 0, "helpful_vote": 0}


def play(community):
    """Plays the situations, and returns the lifetime counts that must result, by user."""
    expected = {}

    def person(name, **counts):
        user = community.person(name)
        expected[user.pk] = {"total": sum(counts.values()), **ZERO, **counts}
        return user

    def fresh(row):
        return type(row).objects.get(pk=row.pk)

    asker = person("asker", question=11)

    # Two answers, one of them spam.
    user = person("one-spam", answer=1)
    question = community.ask(asker)
    community.answer(user, question)
    community.answer(user, question).mark_as_spam()

    # Marking a question as spam retracts its answers too; unmarking restores those that are not spam themselves.
    user, other = person("back", answer=1), person("stays-out")
    question = community.ask(asker)
    community.answer(user, question)
    spam = community.answer(other, question)
    fresh(question).mark_as_spam()
    fresh(spam).mark_as_spam()
    fresh(question).unmark_spam()

    # An unmarked answer to a spam question counts only once the question is unmarked too.
    user = person("twice-unmarked", answer=1)
    question = community.ask(asker)
    answer = community.answer(user, question)
    answer.mark_as_spam()
    fresh(question).mark_as_spam()
    fresh(answer).unmark_spam()
    fresh(question).unmark_spam()

    # The spam question is purged: its good answers still do not count.
    user = person("purged")
    question = community.ask(person("purged-asker"))
    community.answer(user, question)
    fresh(question).mark_as_spam()
    community.delete(fresh(question).delete)

    # Solved, unsolved, solved by another answer, and by the first one again.
    user, other = person("solver", answer=1, solution=1), person("passed-over", answer=1)
    question = community.ask(asker)
    one, two = community.answer(user, question), community.answer(other, question)
    community.solve(fresh(question), one)
    fresh(question).unsolve()
    community.solve(fresh(question), two)
    community.solve(fresh(question), one)  # the API changes the solution without unsetting it first

    # Unsolved while it was spam: a restoration of all types would bring the solution back.
    user = person("unsolved-meanwhile", answer=1)
    question = community.ask(asker)
    answer = community.answer(user, question)
    community.solve(fresh(question), answer)
    fresh(answer).mark_as_spam()
    fresh(question).unsolve()
    fresh(answer).unmark_spam()

    # Deleted after it was chosen: Answer.delete saves the question without its solution.
    user = person("deleted-solution", answer=1, solution=1)
    question = community.ask(asker)
    answer = community.answer(user, question)
    community.solve(fresh(question), answer)
    community.delete(fresh(answer).delete)

    # The asker's own answer, which is also the solution.
    user = person("own", question=1, answer=1, solution=1)
    question = community.ask(user)
    community.solve(question, community.answer(user, question))

    # Helpful votes count for the author, even if the voter leaves; votes for one's own answer never count.
    user, voter = person("voted", answer=1, helpful_vote=1), person("voter")
    answer = community.answer(user, community.ask(asker))
    community.vote(voter, answer)
    community.vote(asker, answer, helpful=False)
    community.vote(user, answer)

    # Flagged as spam from the start (the question by its second save, the answer by its first), then unmarked.
    user = person("released", question=1, answer=1)
    question = community.ask(user)
    question.is_spam = True
    question.save()
    fresh(question).unmark_spam()
    answer = community.answer(user, community.ask(asker), is_spam=True)
    answer.is_spam, answer.marked_as_spam = False, None
    answer.save(update_fields=["is_spam", "marked_as_spam"])

    # An answer read before someone else marked it, and saved with update_fields that do not include the mark.
    user = person("stale")
    stale = community.answer(user, community.ask(asker))
    Answer.objects.get(pk=stale.pk).mark_as_spam()
    stale.content = "?"
    stale.save(update_fields=["content"])

    # Renamed after one contribution and before the next of the same batch: the new name is shown.
    user = person("old-name", question=1)
    community.ask(user)
    user.username = "new-name"
    user.save()
    community.ask(asker)

    # Revisions: rejected, reviewed by their author, and the document deleted.
    user, reviewer = person("editor", kb_edit=3, kb_review=1), person("reviewer", kb_review=2)
    document = community.document(products=community.products[:2])
    community.review(reviewer, community.revise(user, document), approve=False)
    community.review(reviewer, community.revise(user, document))
    community.review(user, community.revise(user, document))
    community.delete(document.delete)

    # Marked and unmarked many times within a moment: the last change wins.
    user = person("flickering", answer=2)
    question = community.ask(asker)
    last_good, last_spam = community.answer(user, question), community.answer(user, question)
    for _ in range(5):
        last_good.mark_as_spam()
        last_good.unmark_spam()
        last_spam.unmark_spam()
        last_spam.mark_as_spam()
    community.answer(user, question)

    # The account is deleted: its contributions still count, and the profile is gone.
    leaving = community.person("leaving")
    community.answer(person("answered-the-leaver", answer=1), community.ask(leaving))
    community.answer(leaving, community.ask(asker))
    community.vote(leaving, fresh(answer))
    expected[answer.creator_id]["helpful_vote"] += 1
    expected[answer.creator_id]["total"] += 1
    community.leave(leaving)

    assert Question.objects.filter(creator=community.bot).exists()
    community.deactivate_in_bulk([person("switched-off")])
    expected[asker.pk]["question"] = community_questions(asker)
    expected[asker.pk]["total"] = expected[asker.pk]["question"]
    return expected


def community_questions(asker):
    return Question.objects.filter(creator=asker, is_spam=False, created__lte=timezone.now()).count()
