# SPDX-License-Identifier: MPL-2.0
"""A PostgreSQL cluster of its own, in a temporary folder, on a Unix socket alone; gone when the test ends.

    with cluster() as c:
        c.sql("CREATE DATABASE x OWNER civis_owner")
        civis("init", …, "--store", c.url("civis_gate", "x"), "--store-owner", c.url("civis_owner", "x"))

As a program: postgresql.py PROGRAM [ARGUMENT…] runs the program with CIVIS_TEST_POSTGRESQL set to the socket's
folder, so that its stores lie on a cluster (tests/store_fixture.h, harness.py).
"""
import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

VARIABLE = "CIVIS_TEST_POSTGRESQL"
# Everything that a server must be, as a careful administrator leaves it; small, and without what only large ones need.
SETTINGS = {"listen_addresses": "''", "max_connections": "300", "shared_buffers": "64MB", "fsync": "on",
            "synchronous_commit": "on", "full_page_writes": "on", "log_statement": "none", "autovacuum_naptime": "5s"}


def programs():
    """The folder of the newest server's programs."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    if found:
        return found[-1]
    place = shutil.which("initdb")
    if not place:
        raise SystemExit("Bail out! PostgreSQL's server is not installed: script/setup --tests")
    return os.path.dirname(place)


class Cluster:
    def __init__(self, folder, socket=None):
        self.folder, self.data, self.socket = folder, os.path.join(folder, "data"), socket or folder

    def _run(self, *args, user=True, **more):
        # PostgreSQL refuses to run as root.
        names = [e.pw_name for e in pwd.getpwall()]
        as_user = ["setpriv", "--reuid", "postgres" if "postgres" in names else "nobody", "--clear-groups"]
        return subprocess.run([*(as_user if user and os.geteuid() == 0 else []), *args], check=True, text=True,
                              capture_output=True, timeout=120, cwd="/", **more)

    def _own(self, folder):
        if os.geteuid() == 0:
            name = "postgres" if any(e.pw_name == "postgres" for e in pwd.getpwall()) else "nobody"
            os.chown(folder, pwd.getpwnam(name).pw_uid, -1)

    def make(self, settings=None):
        self._own(self.folder)
        self._run(os.path.join(programs(), "initdb"), "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")
        self.set({**SETTINGS, **(settings or {})})
        return self.start()

    def copy_of(self, other):
        """pg_basebackup of another, which is at work; start() is yet to come."""
        self._own(self.folder)
        self._run(os.path.join(programs(), "pg_basebackup"), "-D", self.data, "-c", "fast", "--no-sync", "-d",
                  f"host={other.socket} user=postgres")
        self.set({})
        return self

    def copy_from(self, stopped):
        """The files of one that does not run."""
        self._own(self.folder)
        self._run("cp", "-a", stopped.data, self.data)
        self.set({})

    def recover(self, signal_file, settings):
        """How it starts: as a standby (standby.signal), or brought back to a moment (recovery.signal)."""
        path = os.path.join(self.data, signal_file)
        with open(path, "w", encoding="utf-8"):
            pass
        self._own(path)
        self.set(settings)
        return self.start()

    def promote(self):
        self._run(os.path.join(programs(), "pg_ctl"), "-D", self.data, "-w", "-s", "promote")

    def set(self, settings):
        with open(os.path.join(self.data, "postgresql.auto.conf"), "a", encoding="utf-8") as f:
            f.writelines(f"{name} = {value}\n" for name, value in settings.items())
            f.write(f"unix_socket_directories = '{self.socket}'\n")

    def start(self):
        self._run(os.path.join(programs(), "pg_ctl"), "-D", self.data, "-w", "-s", "-l", os.path.join(self.folder, "log"), "start")
        return self

    def stop(self, how="fast"):
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run(os.path.join(programs(), "pg_ctl"), "-D", self.data, "-w", "-s", "-m", how, "stop")

    def _signal(self, what):
        with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as f:
            first = int(f.readline())
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=False).stdout.split()
        for pid in [first, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, what)
        return first

    def kill(self):
        """As a power cut would: nothing is written any more."""
        first = self._signal(signal.SIGKILL)
        end = time.time() + 20
        while os.path.exists(f"/proc/{first}") and time.time() < end:
            time.sleep(0.05)

    @contextlib.contextmanager
    def hanging(self):
        """As a machine whose disk does not answer: it takes connections and bytes, and says nothing."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def url(self, user, database):
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def sql(self, text, database="postgres", user="postgres"):
        """What psql prints, unadorned; CalledProcessError with what it says when the server refuses."""
        return self._run(os.path.join(programs(), "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                         self.url(user, database), "-c", text, user=False).stdout.strip()

    @contextlib.contextmanager
    def holding(self, statement, database):
        """Somebody else has done this, in a transaction that does not end."""
        psql = subprocess.Popen([os.path.join(programs(), "psql"), "-X", "-q", "-A", "-t", "-d", self.url("postgres", database)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            psql.stdin.write(f"BEGIN; {statement}; SELECT 'done';\n")
            psql.stdin.flush()
            if psql.stdout.readline() != "done\n":
                raise RuntimeError(f"it could not be done: {statement}")
            yield
        finally:
            psql.communicate("ROLLBACK;\n", timeout=60)

    def waiting(self, database):
        """How many wait for somebody's transaction to end."""
        return int(self.sql(f"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '{database}'"))

    def make_roles(self):
        self.sql("; ".join(f"CREATE ROLE {name} LOGIN" for name in ("civis_owner", "civis_gate", "civis_vault_owner", "civis_vault")))
        return self


def on():
    """Whether the stores of this run lie on a server."""
    return VARIABLE in os.environ


def running():
    return Cluster(os.environ[VARIABLE])


@contextlib.contextmanager
def place():
    """For a cluster that is not there yet."""
    folder = tempfile.mkdtemp(prefix="civis-pg-")
    os.chmod(folder, 0o755)
    c = Cluster(folder)
    try:
        yield c
    finally:
        if os.path.exists(os.path.join(c.data, "postmaster.pid")):
            c.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def cluster(settings=None):
    with place() as c:
        yield c.make(settings).make_roles()


def main():
    with cluster() as c:
        status = subprocess.run(sys.argv[1:], env={**os.environ, VARIABLE: c.socket}, check=False).returncode
        crashes = [line for line in open(os.path.join(c.folder, "log"), encoding="utf-8", errors="replace") if "PANIC" in line]
    if crashes:
        print("# " + crashes[0])
    return status or bool(crashes)


if __name__ == "__main__":
    sys.exit(main())
