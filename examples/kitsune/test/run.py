#!/usr/bin/python3
"""
The example's test: PostgreSQL and Django from Debian, stand-in models, a Worker on local workerd that is killed twice
while the outbox is delivered, and every number compared with live counting. `run.py [SEED]`; exits 0 or raises.
"""

import os
import pathlib
import signal
import sys
from contextlib import ExitStack

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "standin")]

from cluster import Cluster  # noqa: E402
from worker import SECRET, Worker  # noqa: E402

SECONDS_MAX = 3600  # it takes two minutes on an idle machine, so after an hour it hangs


def set_up_django(cluster, worker):
    os.environ.update(
        PGPORT=str(cluster.port),
        PERENNIAL_URL=worker.url,
        PERENNIAL_WEBHOOK_SECRET=SECRET,
        DJANGO_SETTINGS_MODULE="kitsune.settings",
        no_proxy="127.0.0.1",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("makemigrations", "perennial", check=True, dry_run=True, verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)


def end(number, _):
    raise SystemExit(f"Ended by signal {number}; SIGALRM comes after {SECONDS_MAX} s")


def main(seed):
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, end)  # so that no started process outlives the test
    signal.alarm(SECONDS_MAX)
    with ExitStack() as stack:
        live = stack.enter_context(Worker())
        cluster = stack.enter_context(Cluster())
        fresh = stack.enter_context(Worker())
        set_up_django(cluster, live)
        from proof import prove

        prove(seed, live, fresh, cluster, stack)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20261122)
