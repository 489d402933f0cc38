"""A Perennial on local workerd, with a database of its own, that can be killed and started again."""

import atexit
import functools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from cluster import HANG_SECONDS, free_port

PROJECT = pathlib.Path(__file__).resolve().parents[3]
NODE = os.environ.get("NODE", str(PROJECT / "node_modules/.bin/node"))
SUPPORT = PROJECT / "test/system/support"
QUIET = {
    **os.environ,
    "CI": "1",
    "WRANGLER_SEND_METRICS": "false",
    "WRANGLER_HIDE_BANNER": "true",
    "CLOUDFLARE_CF_FETCH_ENABLED": "false",
}


def development_value(name):
    """The variables in .dev.vars.example."""
    for line in (PROJECT / ".dev.vars.example").read_text().splitlines():
        if line.startswith(name + "="):
            return line[len(name) + 1 :].strip('"')
    raise SystemExit(f".dev.vars.example has no {name}")


@functools.cache
def built():
    """The directory with the built Worker: of the tests that run this one, or else built now."""
    if "PERENNIAL_BUILT" in os.environ:
        return pathlib.Path(os.environ["PERENNIAL_BUILT"])
    directory = tempfile.mkdtemp(prefix="perennial-built-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    subprocess.run([NODE, str(SUPPORT / "build.ts"), directory], cwd=PROJECT, env=QUIET, check=True)
    return pathlib.Path(directory)


def group_exists(group):
    stat = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, check=True).stdout.decode()
    return any(int(pgid) == group and state[0] != "Z" for pgid, state in map(str.split, stat.splitlines()))


SECRET = development_value("WEBHOOK_SECRETS").split()[0]


class Worker:
    """
    In a `with` block: its database is made at once, `start` and `kill` do the rest. With `empty` there is none until a
    backfill makes it.
    """

    def __init__(self, empty=False):
        self.empty = empty

    def __enter__(self):
        self.state = tempfile.mkdtemp(prefix="perennial-state-")
        self.process = None
        if not self.empty:
            shutil.copytree(built() / "state", self.state, dirs_exist_ok=True)
        return self

    @functools.cached_property
    def port(self):
        """Chosen on first use: a port that was chosen much earlier may be taken by another program."""
        return free_port()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def backfill(self, lines, complete="answer,kb_edit"):
        """Loads exported lines with Perennial's own command; returns what it printed."""
        return self._command("backfill", lines, "--complete", complete)

    def reconcile(self, lines):
        """Compares lines of the site's counts with the log; returns what the command printed."""
        return self._command("reconcile", lines)

    def _command(self, name, lines, *options):
        run = subprocess.run(
            [NODE, f"src/cli/{name}.ts", "-", "--persist-to", self.state, *options],
            cwd=PROJECT,
            env=QUIET,
            input="".join(line + "\n" for line in lines).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=HANG_SECONDS,
        )
        output = run.stdout.decode()
        assert run.returncode == 0, output
        return output

    def start(self):
        options = json.loads((built() / "options.json").read_text())
        options |= {"resourcePersistencePath": os.path.join(self.state, "v3"), "port": self.port}
        self.log = open(os.path.join(self.state, "log"), "ab")
        self.process = subprocess.Popen(
            [NODE, str(SUPPORT / "host.ts")],
            cwd=PROJECT,
            env=QUIET,
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.process.stdin.write(json.dumps(options).encode() + b"\n")
        self.process.stdin.flush()
        deadline = time.monotonic() + HANG_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The Worker did not start: " + open(self.log.name).read())
            time.sleep(0.05)

    def _answers(self):
        try:
            self.read("/healthz")
            return True
        except OSError:
            return False

    def kill(self):
        """Kills workerd and the process that runs it with SIGKILL; the database stays."""
        group = self.process.pid
        os.killpg(group, signal.SIGKILL)
        self.process.wait()
        while group_exists(group):  # workerd may take a moment longer to exit
            time.sleep(0.01)
        self.process = None
        self.log.close()

    def position(self):
        """The last position of the log; /healthz alone may be two seconds old."""
        time.sleep(2)
        return self.read("/healthz")["position"]

    def read(self, path):
        """JSON from the public API, or None for a 404. Repeats the request after a 503, as callers do."""
        deadline = time.monotonic() + HANG_SECONDS
        while True:
            try:
                with urllib.request.urlopen(self.url + path, timeout=HANG_SECONDS) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    return None
                if error.code != 503 or time.monotonic() > deadline:
                    raise AssertionError(f"GET {path}: {error.code} {error.read().decode()}") from error
            time.sleep(0.1)

    def __exit__(self, *_):
        if self.process:
            self.kill()
        shutil.rmtree(self.state, ignore_errors=True)
