"""Tests of functions, results and deletions that need no database."""

import inspect
import unittest
from datetime import datetime, timezone

from django.utils.module_loading import import_string

from kitsune.questions.models import Answer, Question
from perennial.hooks.deletions import is_deliberate
from perennial.reading.differences import described, differences
from perennial.reading.log.reader import key_of, keys_in
from reading.consumers import staged_functions


class SignaturesTest(unittest.TestCase):
    def test_every_function_has_the_name_and_the_arguments_of_the_one_it_replaces(self):
        for function in staged_functions():
            live = import_string(function.live)
            with self.subTest(function.live):
                self.assertEqual(function.__name__, live.__name__)
                self.assertEqual(str(inspect.signature(function)), str(inspect.signature(live)))


class DifferencesTest(unittest.TestCase):
    def test_boards_are_compared_row_by_row_and_not_by_names_and_pictures(self):
        def row(term, count, **user):
            return {"term": term, "count": count, "user": {"id": term, **user}}

        live = [row(1, 8, display_name="Ana"), row(2, 3), row(3, 1)], 3
        log = [row(1, 9, display_name="Bo"), row(4, 4), row(2, 3)], 5
        self.assertEqual(
            described(differences(live, log)),
            "1 count: live 8, log 9 (+1); 3 count: live 1, log nothing (-1); total: live 3, log 5 (+2); "
            "4 count: live nothing, log 4 (+4)",
        )

    def test_rows_of_the_database_are_compared_by_who_is_there(self):
        live, log = [Answer(pk=1), Answer(pk=2)], [Answer(pk=2), Answer(pk=3)]
        self.assertEqual(differences(live, log), {"1": (1, None), "3": (None, 1)})

    def test_times_are_compared_to_the_millisecond_and_nothing_is_like_zero(self):
        at = datetime(2026, 1, 1, 0, 0, 0, 123456, timezone.utc)
        self.assertEqual(differences({"a": at, "b": 0}, {"a": at.replace(microsecond=123000)}), {})

    def test_a_long_list_is_cut(self):
        self.assertTrue(described(differences({}, {str(n): n for n in range(1, 31)})).endswith("; and 10 more"))


class KeysTest(unittest.TestCase):
    def test_a_number_that_is_no_key_is_not_looked_up(self):
        self.assertEqual(keys_in(Answer, [1, 2**31 - 1, 2**31, 2**53 - 1]), [1, 2**31 - 1])
        content = {"type": "questions.answer", "id": str(2**40)}
        self.assertIsNone(key_of(content, Answer))
        self.assertEqual(key_of({**content, "id": "7"}, Answer), 7)
        self.assertIsNone(key_of({**content, "id": "7"}, Question))


class DeliberateTest(unittest.TestCase):
    def test_only_the_row_that_was_deleted_itself_was_deleted_on_purpose(self):
        answer, question = Answer(pk=1), Question(pk=1)
        for origin in (answer, Answer(pk=1)):
            self.assertTrue(is_deliberate(answer, origin))
        for origin in (Answer(pk=2), question, Answer.objects.filter(pk=1), None):
            self.assertFalse(is_deliberate(answer, origin))
