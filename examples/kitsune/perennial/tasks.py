"""What a scheduler can call, such as Celery's beat. Nothing here needs Celery; README.md has the lines that register it."""

import time

from perennial.delivery import deliver_message, form_message


def deliver(seconds=45):
    """
    Delivers the outbox until it is empty, Perennial accepts nothing, or `seconds` are over; returns how many messages were
    settled. Meant to be called every minute: a run that overlaps the next, or `perennial_deliver`, sends nothing twice.
    Raises DeliveryStopped when a person has to look.
    """
    ends = time.monotonic() + seconds
    settled = 0
    while time.monotonic() < ends:
        outcome = deliver_message()
        if outcome is None:
            if not form_message():
                break
        elif outcome.settled:
            settled += 1
        else:
            break
    return settled
