"""Runs `manage.py perennial_deliver` in separate processes, and reads the outbox."""

import os
import pathlib
import subprocess
import sys
import time

from cluster import HANG_SECONDS

from perennial.models import OutboxItem

started = time.monotonic()


def say(text):
    print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


MANAGE = [sys.executable, str(pathlib.Path(__file__).resolve().parents[1] / "standin/manage.py")]


def manage(*arguments, **environment):
    """Runs a command to its end: its exit code and all that it printed."""
    run = subprocess.run(
        [*MANAGE, *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=HANG_SECONDS,
    )
    return run.returncode, run.stdout.decode()


def start_delivery(batch):
    command = [*MANAGE, "perennial_deliver", "--batch", str(batch)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop(processes):
    for process in processes:
        process.kill()
        process.wait()


def waiting():
    return OutboxItem.objects.filter(OutboxItem.WAITING).count()


def until(condition, what):
    deadline = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"Waited {HANG_SECONDS} s in vain until {what}"
        time.sleep(0.005)
