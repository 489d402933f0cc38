"""Compares the site's own numbers with the log's: they are equal until a third is deleted; then only the log's stay."""

import logging
import pathlib
from contextlib import contextmanager
from datetime import timedelta

from consumers import every, live, patient, read, staged_functions, title
from deliberate import check_deliberate
from delivering import say
from django.core.cache import cache
from django.db import models
from django.db.models import QuerySet
from django.test.utils import override_settings
from django.utils import timezone
from named import check_named, play_scenes
from outage import check_outages
from past import MADE_UP, Site, made_up, real

from kitsune.questions.models import Answer, AnswerVote, Question
from kitsune.wiki.models import Document, Revision
from perennial.reading import wiki
from perennial.reading.differences import described, differences
from perennial.tasks import deliver

EXPORT = pathlib.Path(__file__).resolve().parents[2] / "export"
EVERYTHING = "question,answer,solution,kb_edit,kb_review,helpful_vote"
MADE_UP_LINES = 1500
SEED = 20261126

# How many contents are deleted through Django, with signals and cascades. The others are deleted by SQL, as in a purge.
DELETED_BY_DJANGO = 20

# Functions whose rule differs on any site: named.py compares them with that rule.
NAMED = {"questions_metrics", "questions_answered", "first_answer_recipients", "first_l10n_recipients"}

logger = logging.getLogger("perennial.reading")


def prove(worker, cluster, real_file, keep_every):
    lines = list(made_up(SEED, MADE_UP_LINES))
    count = len(lines)
    if real_file:
        lines += real(real_file, keep_every)
    site = Site(lines)
    site.write()
    say(f"{count} contributions made up, {len(lines) - count} real ones")
    worker.backfill(cluster.export(EXPORT / "all.sql"), complete=EVERYTHING)
    worker.reconcile(cluster.export(EXPORT / "counts.sql"))
    worker.start()
    say("exported, backfilled and reconciled without drift")

    today = timezone.localdate()
    calls = list(every(today, sample(site)))
    with patient():
        before = check_same(calls)
        check_named(today)
        delete_a_third()
        check_deleted(calls, before)
        play_scenes()
    check_deliberate(worker)
    check_outages(worker)


def sample(site):
    """Some busy people and some others, both made up and real."""
    people = sorted(site.people)
    busy = [MADE_UP + user for user in (1, 2, 7, 30)]
    return [*busy, *people[:: max(1, len(people) // 8)], site.asker]


def plain(result):
    """A result in a form to compare with `==`: rows by their keys, times to the millisecond, order kept."""
    if isinstance(result, (list, tuple, QuerySet)):
        elements = [plain(element) for element in result]
        # Documents have no order in Kitsune.
        return sorted(elements) if len(result) and isinstance(result[0], Document) else elements
    if isinstance(result, dict):
        return {plain(key): plain(value) for key, value in result.items()}
    if isinstance(result, models.Model):
        return result.pk
    if hasattr(result, "microsecond"):
        return result.replace(microsecond=result.microsecond // 1000 * 1000)
    return result


def whole_days(call, result):
    """Without the first day of votes by day, which Kitsune cuts, and without today."""
    now = timezone.now()
    edges = (now.date() - timedelta(days=365), now.date())
    if call[0].__name__ == "helpful_answer_votes":
        return {day: count for day, count in result.items() if day not in edges}
    return result


def check_same(calls):
    """Asserts that both give the same result, in the same order and shape, and returns it."""
    shown = {}
    cache.clear()
    for call in calls:
        counted, found = (whole_days(call, how(call)) for how in (live, read))
        differ = described(differences(counted, found)) or f"order: {plain(counted)}, {plain(found)}"
        assert plain(counted) == plain(found), f"{title(call)} differs: {differ}"
        if call[0] is not wiki.user_documents:  # a query cannot hold documents that are gone
            assert type(counted) is type(found), title(call)
        shown[title(call)] = list(found) if isinstance(found, QuerySet) else found
    functions = {call[0].__name__ for call in calls}
    assert functions | NAMED == {function.__name__ for function in staged_functions()}
    filled = {call[0].__name__ for call in calls if plain(shown[title(call)])}
    assert filled == functions, f"always empty: {functions - filled}"
    say(f"{len(calls)} calls of {len(functions)} functions give the same live and from the log")
    return shown


def delete_a_third():
    """Deletes every third question, answer, revision and document: some through Django, the others as in a purge."""
    for model in (Question, Answer, Document, Revision):
        third = model.objects.extra(where=["id %% 3 = 0"]).order_by("pk")
        for row in third[:DELETED_BY_DJANGO]:
            row.delete()
    doomed = Answer.objects.extra(where=["questions_answer.id %% 3 = 0 OR question_id %% 3 = 0"])
    Question.objects.filter(solution__in=doomed).update(solution=None)
    AnswerVote.objects.filter(answer__in=doomed)._raw_delete("default")
    doomed._raw_delete("default")
    Question.objects.extra(where=["id %% 3 = 0"])._raw_delete("default")
    Revision.objects.extra(where=["id %% 3 = 0 OR document_id %% 3 = 0"])._raw_delete("default")
    gone = Document.objects.extra(where=["id %% 3 = 0"])
    Document.products.through.objects.filter(document__in=gone)._raw_delete("default")
    gone._raw_delete("default")
    assert deliver(seconds=3600) > 0
    say("a third of the content is deleted, and what the hooks saw of it is delivered")


@contextmanager
def logged():
    """The lines that the reading kit logs inside the block."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


def check_deleted(calls, before):
    """The log's results are unchanged; the stage `compare` shows live numbers, and logs which of them fell and by how much."""
    fell = set()
    cache.clear()
    for call in calls:
        name = title(call)
        counted, found = live(call), read(call)
        known = before[name]
        assert plain(whole_days(call, found)) == plain(known), (name, described(differences(known, found)))
        expected = differences(counted, found)
        with override_settings(PERENNIAL_STAGE="compare"), logged() as lines:
            function, args, kwargs = call
            assert plain(function(*args, **kwargs)) == plain(counted), name
        assert lines == ([f"{name} differs: {described(expected)}"] if expected else []), (name, lines, expected)
        if expected:
            fell.add(call[0].__name__)
        if isinstance(known, int):
            assert counted <= known, name
    untouched = {call[0].__name__ for call in calls} - fell
    say(f"no number of the log changed; those of {len(fell)} live functions fell, and exactly that is logged")
    assert untouched <= {"last_contribution_date"}, untouched
