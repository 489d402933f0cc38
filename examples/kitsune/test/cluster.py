"""A PostgreSQL of the test's own, in a scratch directory, on a free port of 127.0.0.1."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# Longer than anything takes on a busy machine.
HANG_SECONDS = 600


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def programs():
    """The directory of the newest PostgreSQL that Debian installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise SystemExit("There is no PostgreSQL here: apt-get install postgresql")
    return os.path.dirname(found[-1])


class Cluster:
    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="perennial-postgres-")
        as_owner = {"stdout": subprocess.DEVNULL, "cwd": "/"}
        if os.geteuid() == 0:  # initdb refuses root
            owner = pwd.getpwnam("postgres")
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            as_owner.update(user=owner.pw_uid, group=owner.pw_gid, extra_groups=[])
        data = os.path.join(self.directory, "data")
        subprocess.run(
            [programs() + "/initdb", "-D", data, "-U", "postgres", "-A", "trust"]
            + ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            **as_owner,
        )
        self.port = free_port()
        self.log = open(os.path.join(self.directory, "log"), "wb")
        self.server = subprocess.Popen(
            [programs() + "/postgres", "-D", data, "-p", str(self.port), "-k", self.directory]
            + ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "log_min_messages=fatal"],
            stderr=self.log,
            **as_owner,
        )
        deadline = time.monotonic() + HANG_SECONDS
        ready = [programs() + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready).returncode != 0:
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("PostgreSQL did not start: " + open(self.log.name).read())
            time.sleep(0.05)
        return self

    def export(self, file, **variables):
        """The lines that psql prints for one of export/*.sql."""
        command = ["psql", "-X", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-f", file]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        run = subprocess.run(command, capture_output=True, check=True)
        assert run.stderr == b"", run.stderr
        return run.stdout.decode().splitlines()

    def __exit__(self, *_):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(HANG_SECONDS)
        self.log.close()
        shutil.rmtree(self.directory)
