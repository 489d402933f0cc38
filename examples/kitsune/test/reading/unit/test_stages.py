"""The four stages, and the settings."""

import django
from django.core import checks
from django.test.utils import override_settings
from fresh import COMPLETE, INCOMPLETE, Fresh, ok, said

from perennial.reading.stages import staged

live_counts = []


def count(user, more=0):
    """The site's own function."""
    live_counts.append(user)
    return 9


@staged(f"{__name__}.count", types=["answer"], empty=int)
def number(log, user, more=0):
    return log.get(f"/v1/x/{user}")["value"]


class StagesTest(Fresh):
    def setUp(self):
        super().setUp()
        live_counts.clear()

    def shows(self, stage, *replies):
        """The number shown, how often it was counted live, and how many requests were made."""
        self.tell(*replies)
        live_counts.clear()
        with override_settings(PERENNIAL_STAGE=stage):
            shown = number(7)
        return shown, len(live_counts), self.requests()

    def test_live_makes_no_request(self):
        self.assertEqual(self.shows("live"), (9, 1, 0))
        self.assertEqual(self.shows("a mistake"), (9, 1, 0))

    def test_compare_shows_the_live_number_and_logs_by_how_much_the_log_differs(self):
        self.assertEqual(self.shows("compare", ok(said(value=11))), (9, 1, 1))
        self.assertEqual(self.logged[1:], ["WARNING:perennial.reading:number(7) differs: live 9, log 11 (+2)"])
        self.clock.now += 60
        self.assertEqual(self.shows("compare", ok(said(value=9))), (9, 1, 1))
        self.clock.now += 60
        self.assertEqual(self.shows("compare", ok(said())), (9, 1, 1))  # an answer without the number
        self.clock.now += 60
        self.assertEqual(self.shows("compare", (500, {}, b"")), (9, 1, 1))
        lines = [line.split(":", 2)[2] for line in self.logged[2:]]
        self.assertEqual(lines, ["number(7): not compared, because of KeyError('value')", "Perennial gave no answer to /v1/x/7: 500 b''"])

    def test_prefer_log_shows_the_log_once_it_is_complete_and_the_live_number_on_any_error(self):
        self.assertEqual(self.shows("prefer-log", ok(INCOMPLETE)), (9, 1, 1))
        self.clock.now += 60
        self.assertEqual(self.shows("prefer-log", ok(COMPLETE), ok(said(value=11))), (11, 0, 2))
        self.assertEqual(self.shows("prefer-log"), (11, 0, 0))
        self.clock.now += 11
        self.assertEqual(self.shows("prefer-log", (500, {}, b"")), (9, 1, 1))
        self.assertEqual(self.shows("prefer-log"), (9, 1, 0))  # the breaker is open
        self.clock.now += 5
        self.assertEqual(self.shows("prefer-log", ok(said(value=12))), (12, 0, 1))
        self.clock.now += 60
        self.assertEqual(self.shows("prefer-log", ok(COMPLETE), ok(said(other=12))), (9, 1, 2))
        self.clock.now += 60
        self.assertEqual(self.shows("prefer-log", ok(said(other=12))), (9, 1, 1))  # a status without coverage

    def test_log_shows_the_last_known_number_and_never_the_live_one(self):
        self.assertEqual(self.shows("log", (500, {}, b"")), (0, 0, 1))
        self.clock.now += 60
        self.assertEqual(self.shows("log", ok(said(value=11))), (11, 0, 1))
        self.clock.now += 86400
        self.assertEqual(self.shows("log", None), (11, 0, 1))
        self.assertEqual(self.shows("log"), (11, 0, 0))

    def test_log_needs_no_live_function_any_more(self):
        gone = staged(f"{__name__}.removed", types=["answer"], empty=int)(number.__wrapped__)
        self.tell(ok(said(value=11)))
        with override_settings(PERENNIAL_STAGE="log"):
            self.assertEqual(gone(7), 11)
        with override_settings(PERENNIAL_STAGE="live"), self.assertRaises(ImportError):
            gone(7)

    def test_a_mistyped_setting_is_found_by_the_check_command(self):
        with override_settings(PERENNIAL_STAGE="logs", PERENNIAL_DELETE="yes", PERENNIAL_URL="perennial.example"):
            found = [problem.id for problem in checks.run_checks() if problem.id.startswith("perennial")]
        self.assertEqual(sorted(found), ["perennial.E001", "perennial.E001", "perennial.E002"])
        with override_settings(PERENNIAL_STAGE="prefer-log", PERENNIAL_DELETE="retract"):
            found = [problem.id for problem in checks.run_checks() if problem.id.startswith("perennial")]
        self.assertEqual(found, ["perennial.W001"] if django.VERSION < (4, 1) else [])
