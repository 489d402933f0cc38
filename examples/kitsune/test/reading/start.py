#!/usr/bin/python3
"""
The reading kit on a site with a past: PostgreSQL and Django from Debian, the stand-in's own functions beside those that read
a Worker on local workerd. `start.py [--real FILE --every N]`; exits 0 or raises.
"""

import argparse
import logging
import pathlib
import signal
import sys
from contextlib import ExitStack

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import run as sending  # noqa: E402  (the test of the sending kit, which puts the example into the path)
from cluster import Cluster  # noqa: E402
from worker import Worker  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", metavar="FILE", help="NDJSON of a real community's contributions, plain or gzip")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every n-th person of it")
    given = parser.parse_args()
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, sending.end)
    signal.alarm(sending.SECONDS_MAX)
    logging.getLogger("perennial.reading").propagate = False  # the tests read it themselves
    logging.getLogger("perennial.reading").addHandler(logging.NullHandler())
    with ExitStack() as stack:
        worker = stack.enter_context(Worker(empty=True))
        cluster = stack.enter_context(Cluster())
        sending.set_up_django(cluster, worker)
        from same import prove

        prove(worker, cluster, given.real, given.every)


if __name__ == "__main__":
    main()
