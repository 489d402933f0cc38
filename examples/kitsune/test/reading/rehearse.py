#!/usr/bin/python3
"""
A stand-in with a made-up past, to follow docs/moving-over.md on: a PostgreSQL of its own, until Ctrl-C. It prints what to
paste into the terminals in which the commands are tried. `npm start` beside it is its Perennial.
"""

import os
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import run as sending  # noqa: E402
from cluster import Cluster  # noqa: E402

CONTRIBUTIONS = 1000
PERENNIAL_URL = os.environ.get("PERENNIAL_URL", "http://127.0.0.1:8787")


class Perennial:
    url = PERENNIAL_URL


def main():
    signal.signal(signal.SIGTERM, sending.end)
    with Cluster() as cluster:
        sending.set_up_django(cluster, Perennial)
        from past import Site, made_up

        Site(made_up(1, CONTRIBUTIONS)).write()
        secret = os.environ["PERENNIAL_WEBHOOK_SECRET"]
        print(f"export PGHOST=127.0.0.1 PGPORT={cluster.port} PGUSER=postgres")
        print(f"export PERENNIAL_URL={PERENNIAL_URL} PERENNIAL_WEBHOOK_SECRET={secret}")
        print("Kitsune's directory is examples/kitsune/standin. Ctrl-C ends it.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
