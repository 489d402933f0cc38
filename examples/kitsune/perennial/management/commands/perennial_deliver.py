import time

from django.core.management.base import BaseCommand, CommandError

from perennial.delivery import ITEMS_MAX, DeliveryStopped, backoff_seconds, deliver_message, form_message
from perennial.models import OutboxItem

IDLE_SECONDS = 1


class Command(BaseCommand):
    help = "Delivers the outbox to Perennial, oldest first, until it is stopped. May run more than once."

    def add_arguments(self, parser):
        parser.add_argument("--until-empty", action="store_true", help="exit when no item is waiting")
        parser.add_argument("--batch", type=int, default=ITEMS_MAX, help="the most items in a message")

    def handle(self, *, until_empty, batch, **_):
        failures = 0
        while True:
            try:
                outcome = deliver_message()
            except DeliveryStopped as stopped:
                raise CommandError(str(stopped)) from stopped
            if outcome is None:
                if form_message(batch):
                    continue
                if until_empty and not OutboxItem.objects.filter(OutboxItem.WAITING).exists():
                    return
                time.sleep(IDLE_SECONDS)
            elif outcome.settled:
                failures = 0
            else:
                failures += 1
                pause = max(outcome.retry_after, backoff_seconds(failures))
                self.stderr.write(f"Perennial accepted no message, {failures} times in a row: next attempt in {pause:.1f} s")
                # One failing message delays the others only for a second.
                time.sleep(pause)
