# SPDX-License-Identifier: MPL-2.0
"""Runs the benchmarks and prints one line each: name, ours, limit or peer, ratio.

usage: run.py --build DIR [NAME …]     names: register read register-pg read-pg sign verify certificate merkle footprint web

A ratio is always against something measured in the same run on the same
machine; the absolute figures are for orientation alone.
"""
import argparse
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
sys.dont_write_bytecode = True
import browser  # noqa: E402
import harness  # noqa: E402
import postgresql  # noqa: E402
import stored  # noqa: E402
from harness import DISTRICT, PASSPHRASE, Client, Server, declaration, new_case  # noqa: E402

options = None


def line(name, ours, limit, ratio, note=""):
    print(f"{name:24} {ours:>26}   {limit:>40}   {ratio:>8}{'   ' + note if note else ''}", flush=True)


def program(name):
    return os.path.join(options.build, "bench", "bench_" + name)


def load(server, requests, connections=64):
    """Sends prepared requests with bench/load.c, in equal parts to each gate; its JSON report, of the slower where they differ."""
    with tempfile.TemporaryDirectory(prefix="civis-bench-") as folder:
        at_work = []
        for i, port in enumerate(server.ports):
            path = os.path.join(folder, str(port))
            with open(path, "wb") as f:
                for raw in requests[i::len(server.ports)]:
                    f.write(b"%d\n" % len(raw) + raw)
            at_work.append(subprocess.Popen([program("load"), str(port), str(connections // len(server.ports)), path],
                                            stdout=subprocess.PIPE, text=True))
        said = [one.communicate()[0] for one in at_work]
    if any(one.returncode for one in at_work):
        raise SystemExit("bench: load failed")
    reports = [json.loads(text) for text in said]
    whole = {name: max(r[name] for r in reports) for name in ("seconds", "p50_us", "p99_us")}
    return {**whole, "per_second": len(requests) / whole["seconds"],
            "status": {code: 1 for r in reports for code in r["status"]}}


def http(method, path, token=None, body=None, version=None, key=None, purpose=None):
    content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(content)}"]
    if body is not None:
        head.append("Content-Type: application/json")
    if token:
        head.append(f"Authorization: Bearer {token}")
    if version is not None:
        head.append(f'If-Match: "{version}"')
    if key:
        head.append(f"Idempotency-Key: {key}")
    if purpose:
        head.append(f"Civis-Purpose: {purpose}")
    return ("\r\n".join(head) + "\r\n\r\n").encode() + content


def expect(report, status, doing):
    if set(report["status"]) != {str(status)}:
        raise SystemExit(f"bench: {doing}: {report['status']}, want only {status}")


def wait_for_log(server, size, seconds=60):
    """Until the published checkpoint holds `size` entries; seconds it took."""
    begun = time.time()
    while time.time() - begun < seconds:
        text = Client(server.url).get("/log/checkpoint").body.decode()
        if text and int(text.split("\n")[1]) >= size:
            return time.time() - begun
        time.sleep(0.01)
    raise SystemExit("bench: the log did not take all acts")


class Births:
    """A running server with n declared births, in `offices` communes, each with a registrar of its own."""

    def __init__(self, n, offices=16, gates=1):
        self.folder = tempfile.TemporaryDirectory(prefix="civis-bench-")
        os.chmod(self.folder.name, 0o711)
        data = os.path.join(self.folder.name, "data")
        self.data = data
        harness.civis("init", "--country", "khm", "--data", data, *(harness.new_database("bench") if postgresql.on() else []))
        harness.civis("places", "import", os.path.join(ROOT, "script", "sample-places.csv"), "--data", data)
        extra = os.path.join(self.folder.name, "places.csv")
        with open(extra, "w", encoding="utf-8") as f:
            f.write("code,level,name_native,name_latin,unit_native,unit_latin,lat,long\n")
            for i in range(offices):
                f.write(f"0499{i + 10},commune,គំរូ,Kumru,ឃុំ,Khum,,\n0499{i + 10}01,village,ដើមស្វាយ,Daeum Svay,ភូមិ,Phum,,\n")
        harness.civis("places", "import", extra, "--data", data)
        self.communes = [f"{DISTRICT}/0499{i + 10}" for i in range(offices)]
        for i, commune in enumerate(self.communes):
            harness.add_officer(data, f"official{i}", "commune_official", commune, quota_factor=1000)
            harness.add_officer(data, f"registrar{i}", "registrar", commune, quota_factor=1000)
            harness.add_officer(data, f"verifier{i}", "district_verifier", DISTRICT, quota_factor=1000)
        harness.civis("staff", "fuse", "--data", data, "--per-hour", "100000000")
        self.server = Server(data, gates=gates).start()
        self.tokens = {name: self.sign_in(name) for i in range(offices)
                       for name in (f"official{i}", f"registrar{i}", f"verifier{i}")}
        today = harness.local_today()
        self.cases = []
        for i in range(n):
            commune = self.communes[i % offices]
            self.cases.append((i % offices, new_case(commune, declaration(i, [commune.rsplit("/", 1)[1] + "01"], today))))

    def sign_in(self, name):
        client = Client(self.server.url)
        answer = client.sign_in(name, harness.PASSPHRASE)
        while answer.status == 429:  # signing in is paced by address, and all of these come from one
            time.sleep(float(answer.headers.get("retry-after", 1)))
            answer = client.sign_in(name, harness.PASSPHRASE)
        if answer.status != 201:
            raise SystemExit(f"bench: {name} could not sign in: {answer}")
        return client.token

    def declare(self):
        return load(self.server, [http("POST", "/api/v1/cases", self.tokens[f"official{i}"], case, key=case["id"])
                                  for i, case in self.cases])

    def move(self, transition, role, version):
        return load(self.server, [http("POST", f"/api/v1/cases/{case['id']}/{transition}", self.tokens[f"{role}{i}"],
                                       {}, version, key=f"{transition}-{case['id']}") for i, case in self.cases])

    def sign(self):
        """Each draft signed. Uploading is not what is measured: the rows are written beside the server."""
        stored.change(self.data, ["INSERT INTO attachment (person_id, case_id, attachment_id, kind, media_type, length, pieces,"
                                  " sealed_version, at) SELECT person_id, case_id, case_id, 'signed_draft', 'image/jpeg', 1, 1, 1, 1"
                                  " FROM cases"])

    @property
    def database(self):
        return stored.database(self.data)

    def copy(self, name):
        """A copy of the main database as it is now."""
        path = os.path.join(self.folder.name, name)
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder.name, "data", "gate", "main.db"))) as source, \
                contextlib.closing(sqlite3.connect(path)) as target:
            source.backup(target)
        return path

    def close(self):
        self.server.stop()
        self.folder.cleanup()


def measured(name, *args):
    """Registrations a second of which the engine alone writes the rows."""
    done = subprocess.run([program(name), *args], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench: {done.stderr}")
    return json.loads(done.stdout)["per_second"]


class Files:
    """The rows that were written between two copies of main.db."""
    peer = "raw SQLite, same rows"

    def __init__(self, births):
        self.births, self.before = births, births.copy("before.db")

    def limit(self):
        return measured("raw_insert", self.before, self.births.copy("after.db"))


class Tables:
    """The rows that were written since the tables were copied into a schema beside them."""
    peer = "64 clients' raw inserts, same rows"

    def __init__(self, births):
        self.server = postgresql.running()
        tables = self.server.sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
                                 births.database)
        self.server.sql("CREATE SCHEMA before;" + "".join(
            f"CREATE TABLE before.{t} (LIKE public.{t} INCLUDING ALL); INSERT INTO before.{t} TABLE public.{t};"
            for t in tables.split()) + "ANALYZE", births.database, "civis_owner")
        self.url = self.server.url("civis_owner", births.database)

    def limit(self):
        return measured("raw_insert_pg", self.url, "64")


def bench_register(name="register", kind=Files, gates=1):
    n = options.births
    births = Births(n, gates=gates)
    declared = births.declare()
    expect(declared, 201, "declaring")
    verified = births.move("verify", "verifier", 1)
    expect(verified, 200, "verifying")
    births.sign()
    rows = kind(births)
    registered = births.move("register", "registrar", 2)
    expect(registered, 200, "registering")
    lag = wait_for_log(births.server, n)
    births.server.stop()
    limit = rows.limit()
    births.close()
    line(name, f"{registered['per_second']:.0f}/s (p99 {registered['p99_us'] / 1000:.0f} ms)",
         f"{rows.peer}: {limit:.0f}/s", f"{registered['per_second'] / limit:.2f}",
         f"all in the log {lag:.2f} s after the last")
    whole = 1 / (1 / declared["per_second"] + 1 / verified["per_second"] + 1 / registered["per_second"])
    line("whole births", f"{whole:.0f}/s", f"declare {declared['per_second']:.0f}/s, verify {verified['per_second']:.0f}/s", "-")


def bench_read(name="read", gates=1):
    births = Births(500, gates=gates)
    expect(births.declare(), 201, "declaring")
    expect(births.move("verify", "verifier", 1), 200, "verifying")
    births.sign()
    client = Client(births.server.url)
    people = []
    for i, case in births.cases:
        client.token = births.tokens[f"registrar{i}"]
        people.append((i, client.move(case["id"], "register", 2).json()["person_id"]))
    report = load(births.server, [http("GET", f"/api/v1/people/{person}", births.tokens[f"registrar{i}"],
                                       purpose="counter_service") for i, person in people * 10], connections=16)
    expect(report, 200, "reading people")
    health = load(births.server, [http("GET", "/healthz")] * 5000, connections=16)
    births.close()
    line(name, f"p50 {report['p50_us'] / 1000:.2f} ms, p99 {report['p99_us'] / 1000:.2f} ms",
         f"an empty answer: p50 {health['p50_us'] / 1000:.2f}, p99 {health['p99_us'] / 1000:.2f} ms",
         f"{health['p50_us'] / report['p50_us']:.2f}", f"{report['per_second']:.0f}/s with the look recorded")


def resident_mb(server):
    """Proportional set size of the supervisor and its three processes, in MB (shared pages counted once)."""
    total = 0
    for pid in [server.process.pid, *server.children().values()]:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            total += sum(int(row.split()[1]) for row in f if row.startswith("Pss:"))
    return total / 1024


def bench_footprint():
    with harness.data_folder() as data:
        server = Server(data)
        begun = time.time()
        server.start()
        started = time.time() - begun
        time.sleep(1)
        idle = resident_mb(server)
        server.stop()
    line("footprint idle", f"{idle:.0f} MB", "aim 100 MB", f"{idle / 100:.2f}")
    line("footprint start-up", f"{started:.2f} s", "aim 1 s", f"{started:.2f}")
    people = options.people
    births = Births(people)
    expect(births.declare(), 201, "declaring")
    expect(births.move("verify", "verifier", 1), 200, "verifying")
    births.sign()
    expect(births.move("register", "registrar", 2), 200, "registering")
    wait_for_log(births.server, people, 300)
    births.server.stop()
    begun = time.time()
    births.server.start()
    started = time.time() - begun
    time.sleep(5)
    line(f"footprint {people}", f"{resident_mb(births.server):.0f} MB", f"idle and empty: {idle:.0f} MB", "-",
         f"start-up {started:.2f} s")
    births.close()


# What people may have to wait for, in seconds. Said of OpenCRVS 2.0.0's client, built and measured once in the same way on
# another machine, to when its program had been read.
WEB = {"slow 3G": (5.0, "OpenCRVS 36.8 s"), "fast 3G": (1.5, "OpenCRVS 14.6 s"), "offline": (1.0, "kept on the device")}
TABLE_LIMIT = 0.2  # a press in a list of 5,000 rows


def bench_web():
    lacking = browser.missing()
    if lacking:
        print(f"web: not measured, {lacking}")
        return
    with harness.server() as server:
        done = subprocess.run([browser.node(), os.path.join(ROOT, "bench", "web.mjs"), server.url, PASSPHRASE, server.country.office],
                              stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("bench: the browser could not measure")
    measured = json.loads(done.stdout)
    table = measured.pop("table")
    for name, found in measured.items():
        budget, other = WEB[name]
        ours, peer = found["ours"], found.get("govuk")
        beside = f"; a button of govuk-frontend's {peer['interactive']:.1f} s" if peer else ""
        line(f"web {name}", f"{ours['interactive']:.1f} s (first seen {ours['paint']:.1f})", f"budget {budget:.1f} s{beside}",
             f"{ours['interactive'] / budget:.2f}", other)
    line("web 5,000 rows", f"{1000 * table:.0f} ms a press", f"limit {1000 * TABLE_LIMIT:.0f} ms", f"{table / TABLE_LIMIT:.2f}", "filtered on the device")


def run_program(*arguments):
    def run():
        subprocess.run([program(arguments[0]), *arguments[1:]], check=False)
    return run


def on_a_server(bench, name, *args):
    """The same on a PostgreSQL of its own, with one gate and with two."""
    def run():
        for gates in (1, 2):
            with postgresql.cluster({"shared_buffers": "512MB", "max_wal_size": "4GB"}) as c:
                os.environ[postgresql.VARIABLE] = c.socket
                try:
                    bench(name if gates == 1 else f"{name}, {gates} gates", *args, gates=gates)
                finally:
                    del os.environ[postgresql.VARIABLE]
    return run


BENCHMARKS = {"register": bench_register, "read": bench_read, "footprint": bench_footprint, "web": bench_web,
              "register-pg": on_a_server(bench_register, "register-pg", Tables), "read-pg": on_a_server(bench_read, "read-pg")}


def main():
    global options
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--births", type=int, default=6400)
    parser.add_argument("--people", type=int, default=100000)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    os.environ["CIVIS"] = os.path.join(options.build, "civis")
    for name in ("sign_verify", "certificate", "merkle"):
        BENCHMARKS[name] = run_program(name)
    BENCHMARKS["sign"] = BENCHMARKS["verify"] = BENCHMARKS["sign_verify"]
    wanted = options.names or ["register", "read", "register-pg", "read-pg", "sign_verify", "certificate", "merkle", "footprint", "web"]
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        raise SystemExit(f"bench: no benchmark {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    for name in wanted:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
