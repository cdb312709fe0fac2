# SPDX-License-Identifier: MPL-2.0
"""What tests against a running civis share: a server of its own, and TAP.

    from harness import *
    @test
    def a_birth_is_registered():
        with server() as s:
            ...
            check(answer.status == 201, answer)
    run_tests()

The program under test is CIVIS (environment), or build-test/civis, or build/civis.
"""
import contextlib
import copy
import datetime
import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(ROOT, "script", "lib")]
sys.dont_write_bytecode = True
import events  # noqa: E402
import civis_client  # noqa: E402
import postgresql  # noqa: E402
import stored  # noqa: E402
from civis_client import new_case  # noqa: E402,F401
from described import Described  # noqa: E402
from families import declaration  # noqa: E402,F401

PASSPHRASE = "rice field at dawn"
DISTRICT = "khm/04/0499"
COMMUNE = "khm/04/0499/049901"
NEIGHBOUR = "khm/04/0499/049902"
HOSPITAL = COMMUNE + "/H001"
VILLAGES = ["04990101", "04990102", "04990103", "04990104"]


class Country:
    """The invented places and officers that a country's data folder is made with."""
    about_a_person = ("death", "naming", "correction", "cancellation")
    pack = None

    def __init__(self, code, places, office, neighbour, verifies, hospital, villages, officer, above):
        self.code, self.places, self.office, self.neighbour = code, os.path.join("script", places), office, neighbour
        self.language, self.zone = ("km", 420) if code == "khm" else ("my", 390)  # minutes east of Greenwich
        self.hospital, self.villages, self.officer = hospital, villages, officer
        self.not_tracked = (*self.about_a_person, "foetal_death")
        self.offices = {"the commune": office, "the township": office, "the neighbouring commune": neighbour,
                        "the neighbouring township": neighbour, "the hospital": hospital[0]}
        self.more_offices = []  # (scope, kind, name), with the regime from 2026 on, or None
        self.officers = {  # name: (role, scope)
            "official": ("commune_official", office), "clerk": ("hospital_clerk", hospital[0]),
            "clerk2": ("hospital_clerk", hospital[0] + "2"),
            "verifier": ("district_verifier", verifies), "verifier2": ("district_verifier", verifies),
            "registrar": ("registrar", office),
            "registrar2": ("registrar", neighbour), "official2": ("commune_official", neighbour),
            "admin": ("national_administrator", code), "auditor": ("auditor", code),
            "chief": ("registrar", above),  # decides on appeals
        }

    def add_office(self, called, scope, kind, name, regime, **officers):
        self.offices[called] = scope
        self.more_offices.append((scope, kind, name, regime))
        self.officers.update({who: (role, scope) for who, role in officers.items()})
        return self

    def birth(self, seed):
        """The declaration of an invented family."""
        return declaration(seed, self.villages, local_today(self.code), self.code)


class Zed(Country):
    """The invented country whose rules are other than those of the rest: tests/data/packs/zed."""
    about_a_person = ("renaming", "leaving")

    def __init__(self):
        super().__init__("zed", "", "zed/A", "zed/B", "zed", ("zed/A/H1", "Θεραπευτήριο", "Infirmary"), [],
                         ("Άννα Πέτρου", "ANNA PETROU"), "zed")
        self.places, self.language, self.zone = None, "el", -210
        self.pack = os.path.join(ROOT, "tests", "data", "packs", "zed")
        # Nobody but the nation's registrar writes; a raft's keeps its own book.
        self.officers["registrar"] = ("registrar", "zed")
        self.offices["the island"] = self.office
        self.add_office("the other island", "zed/B", "island", ("Βήτα", "Beta"), None)
        self.add_office("the raft", "zed/R", "raft", ("Σχεδία", "Raft"), "raft", rafter="registrar")

    def birth(self, seed):
        return events.arrival(local_today(self.code).isoformat(), seed)


COUNTRIES = {
    "khm": Country("khm", "sample-places.csv", COMMUNE, NEIGHBOUR, DISTRICT,
                   (HOSPITAL, "មន្ទីរពេទ្យគំរូ", "Kumru Hospital"), VILLAGES, ("កែវ ដារ៉ា", "KEO DARA"), "khm/04")
    .add_office("the district", DISTRICT, None, None, None, head="registrar")
    .add_office("the province", "khm/04", None, None, None, inspector="district_verifier")
    .add_office("the paper commune", DISTRICT + "/049903", "commune", ("ឃុំក្រដាស", "Khum Kradas"), "paper",
                scribe="commune_official", keeper="registrar")
    .add_office("the consulate", "khm/C1", "consulate", ("ស្ថានកុងស៊ុល", "Consulate"), "consular",
                attache="commune_official", consul="registrar")
    .add_office("the ministry", "khm", None, None, None, secretary="district_verifier", minister="registrar"),
    # In Myanmar the township registers, and its own verifier verifies.
    "mmr": Country("mmr", "sample-places-mmr.csv", "mmr/07/0799/079901", "mmr/07/0799/079902", "mmr/07/0799/079901",
                   ("mmr/07/0799/079901/H001", "နမူနာဆေးရုံ", "Namuna Hospital"),
                   ["079901001", "079901002", "079901003", "079901004"], ("ဒေါ်ခင်စန္ဒာ", "DAW KHIN SANDAR"), "mmr/07/0799")
    .add_office("the consulate", "mmr/C1", "consulate", ("ကောင်စစ်ဝန်ရုံး", "Consulate"), "consular",
                attache="commune_official", consul="registrar")
    .add_office("the ministry", "mmr", None, None, None, secretary="district_verifier", minister="registrar"),
    "zed": Zed(),
}


_described = {}


class Client(civis_client.Client):
    """A client that takes no answer which is not as /openapi.json says."""

    def request(self, method, path, **more):
        answer = super().request(method, path, **more)
        described = _described.get(self.port)
        if described:
            try:
                described.check(method, path, answer)
            except AssertionError as wrong:
                raise CheckFailed(f"not as described: {wrong}") from None
        return answer


def civis_program():
    for path in (os.environ.get("CIVIS"), os.path.join(ROOT, "build-test", "civis"), os.path.join(ROOT, "build", "civis")):
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    raise SystemExit("Bail out! no civis program; build it first")


class CheckFailed(Exception):
    pass


class Skip(Exception):
    pass


_tests, _checks = [], 0


def test(function):
    _tests.append(function)
    return function


def check(good, detail=""):
    global _checks
    _checks += 1
    if not good:
        raise CheckFailed(repr(detail))
    return good


def equal(got, want, detail=""):
    check(got == want, f"got {got!r}, want {want!r} {detail}")


def run_tests(only=None):
    """Runs every @test as one TAP point; a test that checks nothing fails."""
    global _checks
    failed = 0
    wanted = [t for t in _tests if not only or t.__name__ in only]
    print(f"1..{len(wanted)}")
    for number, function in enumerate(wanted, 1):
        name, _checks = function.__name__, 0
        try:
            function()
            if _checks == 0:
                raise CheckFailed("the test checked nothing")
            print(f"ok {number} - {name}")
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}")
        except Exception:  # a test may fail in any way; it must not hide the others
            failed += 1
            print(f"not ok {number} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


def run_tests_on_server():
    """run_tests() with what the command line names, on the server that is there or on one of this program's own."""
    if postgresql.on():
        run_tests(only=sys.argv[1:])
    with postgresql.cluster() as c:
        os.environ[postgresql.VARIABLE] = c.socket
        run_tests(only=sys.argv[1:])


def civis(*args, stdin=None, status=0, env=None):
    """Runs a subcommand; fails the test when it does not end with the status (None: any)."""
    done = subprocess.run([civis_program(), *args], input=stdin, capture_output=True, text=True, check=False,
                          timeout=300, env={**os.environ, **(env or {})})
    if status is not None and done.returncode != status:
        raise CheckFailed(f"civis {args} ended with {done.returncode}, want {status}:\n{done.stdout}{done.stderr}")
    return done


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


_templates = {}
_databases = itertools.count(1)


def new_database(name, template="template0"):
    """The options of `civis init` for a store on the test's own server."""
    c = postgresql.running()
    c.sql(f"CREATE DATABASE {name} OWNER civis_owner TEMPLATE {template}")
    return ["--store", c.url("civis_gate", name), "--store-owner", c.url("civis_owner", name)]


def new_vault_database(name, template="template0"):
    """The same for what the vault keeps."""
    c = postgresql.running()
    c.sql(f"CREATE DATABASE {name} OWNER civis_vault_owner TEMPLATE {template}")
    return ["--vault-store", c.url("civis_vault", name), "--vault-store-owner", c.url("civis_vault_owner", name)]


def copy_databases(template, data):
    """The copied folder gets databases of its own."""
    name = f"copy_{os.getpid()}_{next(_databases)}"
    for room, options in (("gate", new_database(name, template)), ("vault", new_vault_database(name + "_vault", template + "_vault"))):
        with open(os.path.join(data, room, "store"), "r+", encoding="utf-8") as f:
            f.truncate(f.write(options[1] + "\n"))



def prepare_data(country="khm"):
    """A data folder with the country's sample places and officers. Made once a program (and server), then copied."""
    made = country, os.environ.get(postgresql.VARIABLE)
    if made not in _templates:
        folder = tempfile.mkdtemp(prefix="civis-template-")
        os.chmod(folder, 0o711)
        data = os.path.join(folder, "data")
        c = COUNTRIES[country]
        civis("init", "--country", country, "--data", data, *(["--pack", c.pack] if c.pack else []),
              *(new_database(f"template_{country}") + new_vault_database(f"template_{country}_vault") if postgresql.on() else []))
        if c.places:
            civis("places", "import", os.path.join(ROOT, c.places), "--data", data)
        second = (c.hospital[0] + "2", *c.hospital[1:])
        for scope, kind, name, regime in [(c.hospital[0], "hospital", c.hospital[1:], None),
                                          (second[0], "hospital", second[1:], None), *c.more_offices]:
            if kind:
                civis("office", "add", "--data", data, "--scope", scope, "--kind", kind,
                      "--name-native", name[0], "--name-latin", name[1])
            if regime:
                civis("office", "regime", "--data", data, "--scope", scope, "--from", "2026-01-01", "--regime", regime)
        for name, (role, scope) in c.officers.items():
            # The second of each keeps the ordinary quota; the others work through long tests.
            add_officer(data, name, role, scope, *c.officer, quota_factor=1 if name[-1] == "2" else 50)
        _templates[made] = folder
    return os.path.join(_templates[made], "data")


def add_officer(data, name, role, scope, native="កែវ ដារ៉ា", latin="KEO DARA", quota_factor=1):
    civis("staff", "add", "--data", data, "--name", name, "--role", role, "--scope", scope,
          "--display-native", native, "--display-latin", latin, "--quota-factor", str(quota_factor), stdin=PASSPHRASE + "\n")


class Server:
    def __init__(self, data, extra=(), env=None, country="khm", gates=1):
        self.country = COUNTRIES[country]
        self.data, self.ports, self.env = data, [free_port() for _ in range(gates)], env or {}
        self.port = self.ports[0]
        self.extra, self.process, self.signed_in = list(extra), None, {}
        self.log_path = os.path.join(os.path.dirname(data), "server.log")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def at(self, gate):
        """The same server, whose clients speak to this one of its gates, from 0."""
        there = copy.copy(self)
        there.port = self.ports[gate]
        return there

    def devices_quiet(self, days):
        """So much longer ago than it was: the server has no clock to move."""
        for day, in stored.rows(self.data, "SELECT DISTINCT day FROM device ORDER BY day"):
            then = datetime.date.fromisoformat(day) - datetime.timedelta(int(days))
            stored.change(self.data, ("UPDATE device SET day = ?1 WHERE day = ?2", then.isoformat(), day))

    def start(self, wait=True):
        self.log = open(self.log_path, "a", encoding="utf-8")
        self.process = subprocess.Popen(
            [civis_program(), "serve", "--data", self.data, "--listen", ",".join(f"127.0.0.1:{port}" for port in self.ports), "--development",
             *self.extra], stdout=self.log, stderr=self.log, env={**os.environ, **self.env})
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds=60):
        for gate in range(len(self.ports)):
            self.at(gate)._wait_ready(seconds)

    def _wait_ready(self, seconds):
        end = time.time() + seconds
        while time.time() < end:
            if self.process.poll() is not None:
                raise CheckFailed(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
            with contextlib.suppress(OSError):
                client = Client(self.url, timeout=5)
                if client.get("/healthz").status == 200:
                    _described[self.port] = Described(client.get("/openapi.json").json())
                    return
            time.sleep(0.05)
        raise CheckFailed(f"the server was not ready after {seconds} s:\n{self.log_tail()}")

    def log_tail(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return "".join(f.readlines()[-40:])

    def log_text(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self, expected=0):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise CheckFailed(f"the server did not end within 30 s of SIGTERM:\n{self.log_tail()}") from None
            if expected is not None and self.process.returncode != expected:
                raise CheckFailed(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
        for port in self.ports:
            _described.pop(port, None)
        self.log.close()
        self.log_text_kept = self.log_text()  # the folder goes, the words stay

    def children(self):
        """{role: pid} of the processes; gates after the first are "gate-1", "gate-2"…"""
        found = {}
        out = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True,
                             text=True, check=False).stdout
        for line in out.splitlines():
            pid, args = line.split(None, 1)
            for role in ("gate", "vault", "matcher"):
                if f"--role={role}" in args:
                    number = re.search(r"--gate=(\d+)", args)
                    found[role + (f"-{number[1]}" if number else "")] = int(pid)
        return found

    def family(self, language="en"):
        return Client(self.url, language=language)

    def officer(self, name):
        """A client signed in as one of the country's officers; the session is kept for this server."""
        client = Client(self.url)
        if name not in self.signed_in:
            answer = client.sign_in(name, PASSPHRASE)
            if answer.status != 201:
                raise CheckFailed(f"{name} could not sign in: {answer}")
            self.signed_in[name] = client.token
        client.token = self.signed_in[name]
        return client

    # The whole path, for tests whose subject lies behind it.
    def declare(self, seed=1, by="official", change=None, office=None):
        made = self.country.birth(seed)
        if change:
            change(made)
        case = new_case(office or self.country.office, made, self.country.language)
        answer = (self.officer(by) if by else self.family()).declare(case)
        equal(answer.status, 201, answer)
        case.update(answer.json())
        return case

    def verify(self, case, by="verifier"):
        answer = self.officer(by).move(case["id"], "verify", case["version"])
        equal(answer.status, 200, answer)
        case.update(answer.json())
        return case

    def register(self, seed=1, **more):
        case = self.verify(self.declare(seed, **more))
        answer = self.sign(case).move(case["id"], "register", case["version"])
        equal(answer.status, 200, answer)
        case.update(answer.json())
        return case

    def sign(self, case, by="registrar"):
        """The informant heard and signed the draft as it stands now, and the officer attached it: that officer."""
        officer = self.officer(by)
        answer = officer.sign(case["id"])
        equal(answer.status, 204, answer)
        return officer

    def receipt(self, act_id, by="registrar", seconds=10):
        """Waits until the log has the act; the answer of the receipt's route."""
        client, end = self.officer(by), time.time() + seconds
        while True:
            answer = client.get(f"/api/v1/acts/{act_id}/receipt")
            if answer.status == 200 or time.time() > end:
                return answer
            time.sleep(0.05)


@contextlib.contextmanager
def data_folder(country="khm"):
    folder = tempfile.mkdtemp(prefix="civis-data-")
    os.chmod(folder, 0o711)
    try:
        data = os.path.join(folder, "data")
        # cp keeps owners, which the processes' users need when the tests run as root.
        subprocess.run(["cp", "-a", prepare_data(country), data], check=True)
        if postgresql.on():
            copy_databases(f"template_{country}", data)
        yield data
    finally:
        if os.environ.get("KEEP"):
            print(f"# kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server(country="khm", extra=(), env=None, gates=1):
    with data_folder(country) as data:
        s = Server(data, extra, env, country, gates)
        s.start()
        failed = True
        try:
            yield s
            failed = False
        except SystemExit as end:  # run_tests() inside
            failed = end.code != 0
            raise
        finally:
            if failed:
                with contextlib.suppress(CheckFailed):
                    s.stop(expected=None)
                print("# " + "\n# ".join(s.log_tail().splitlines()))
            else:
                s.stop()


@contextlib.contextmanager
def running(data, log_path=None):
    """A server on the folder that does not outlive the test, however that ends."""
    s = Server(data)
    s.log_path = log_path or s.log_path
    try:
        yield s.start()
    finally:
        if s.process.poll() is None:
            s.stop(expected=None)


def eventually(condition, seconds=60):
    """Whether the condition came true before the deadline: a slow machine only waits longer."""
    end = time.time() + seconds
    while time.time() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if condition():
                return True
        time.sleep(0.05)
    return False


def local_today(country="khm"):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=COUNTRIES[country].zone)).date()


def finish():
    for folder in _templates.values():
        shutil.rmtree(folder, ignore_errors=True)


import atexit  # noqa: E402
atexit.register(finish)
