# SPDX-License-Identifier: MPL-2.0
"""Two gates on one PostgreSQL database: both register at once, one of them sequences, and each can be lost.

The server of these tests is one `civis serve` with two gates, which share its vault.
"""
import contextlib
import os
import re
import signal
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import postgresql  # noqa: E402
from clerks import acknowledged_by, all_is_there, births_going_on, sql  # noqa: E402
from harness import Client, check, civis, equal, eventually, free_port, new_case, run_tests_on_server, server, test  # noqa: E402
from stored import database  # noqa: E402


def metric(gate, name):
    for line in Client(gate.url, timeout=5).get("/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return int(line.split()[1])
    return None


def here(gate):
    """Whether this gate sequences."""
    return Client(gate.url, timeout=5).get("/healthz").json().get("sequencer") == "here"


def holder_and_other(s):
    """The numbers of the gate that sequences and of the one that does not."""
    gates = [s.at(0), s.at(1)]
    check(eventually(lambda: [here(g) for g in gates].count(True) == 1), [Client(g.url).get("/healthz") for g in gates])
    holder = 0 if here(gates[0]) else 1
    return holder, 1 - holder


def pid_of(s, gate):
    return s.children()["gate" if gate == 0 else f"gate-{gate}"]


@test
def files_have_one_gate():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        civis("init", "--country", "khm", "--data", data)
        there = f"127.0.0.1:{free_port()},127.0.0.1:{free_port()}"
        done = civis("serve", "--data", data, "--listen", there, "--development", status=2)
        check("Several gates need a store on a server" in done.stderr, done.stderr)


@test
def births_are_registered_through_both_at_once():
    with server(gates=2) as s:
        holder, other = holder_and_other(s)
        with births_going_on(s) as offices:
            check(eventually(lambda: min(len(office.acknowledged) for office in offices) >= 3), offices)
        # The same request at the other gate is known, and answered as before.
        case, key = s.at(holder).verify(s.at(other).declare(7)), str(uuid.uuid4())
        first = s.at(other).sign(case).move(case["id"], "register", case["version"], key=key)
        equal(first.status, 200, first)
        again = s.at(holder).officer("registrar").move(case["id"], "register", case["version"], key=key)
        equal((again.status, again.json()["act_id"], again.json()["entry"]), (200, first.json()["act_id"], first.json()["entry"]))
        equal(metric(s.at(other), "civis_sequencer_taken_total"), 0)
        all_is_there([s], offices)


@test
def when_the_sequencer_dies_the_other_takes_over_and_nothing_is_lost():
    with server(gates=2) as s:
        holder, other = holder_and_other(s)
        before = s.at(holder).register(1)
        equal(s.at(other).receipt(before["act_id"]).status, 200)
        key, case = "kept-through-it-all", new_case(s.country.office, s.country.birth(2), s.country.language)
        declared = s.at(holder).officer("official").declare(case, key=key)
        equal(declared.status, 201, declared)
        with births_going_on(s) as offices:
            check(eventually(lambda: acknowledged_by(offices) >= 4), "it did not begin")
            os.kill(pid_of(s, holder), signal.SIGKILL)
            killed, count, unread = time.time(), acknowledged_by(offices), []
            while not here(s.at(other)) and time.time() < killed + 30:
                # Nobody sequences: what is published can be read, and acts are registered.
                for path in ("/log/checkpoint", f"/api/v1/acts/{before['act_id']}/receipt"):
                    answer = s.at(other).officer("registrar").get(path)
                    if answer.status != 200:
                        unread.append(answer)
            waited = time.time() - killed
            equal(unread, [])
            check(here(s.at(other)), "nobody took over")
            check(acknowledged_by(offices) > count, "nothing was registered meanwhile")
            count = acknowledged_by(offices)
            check(eventually(lambda: acknowledged_by(offices) >= count + 4), "it did not go on")
        repeated = s.at(other).officer("official").declare(case, key=key)
        equal((repeated.status, repeated.json()["tracking_code"]), (201, declared.json()["tracking_code"]))
        check(eventually(lambda: not here(s.at(holder))), "the one that was killed does not follow")
        print(f"# the place was taken after {waited:.1f} s")
        all_is_there([s], offices)


@contextlib.contextmanager
def stopped(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@test
def a_sequencer_that_was_replaced_while_it_stood_still_can_place_nothing():
    with server(gates=2) as s:
        holder, other = holder_and_other(s)
        equal(s.receipt(s.register(1)["act_id"]).status, 200)
        for name in ("official", "verifier", "registrar"):
            s.officer(name)
        with contextlib.ExitStack() as second:
            with stopped(pid_of(s, holder)):
                check(eventually(lambda: here(s.at(other)), 30), "nobody took over")
                # An act is registered that the new holder cannot place, and this one now stands still in its turn.
                c, register = postgresql.running(), database(s.data)
                with c.holding("UPDATE log_head SET size = size", register):
                    act = s.at(other).register(2)["act_id"]
                    check(eventually(lambda: c.waiting(register)), "nobody wants to move the head")
                    second.enter_context(stopped(pid_of(s, other)))
                    c.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                          f"datname = '{register}'")
            # The first goes on where it stood, and does not know yet.
            woken = time.time()
            check(eventually(lambda: metric(s.at(holder), "civis_sequencer_lost_total") == 1, 4), "it was not told")
            while time.time() < woken + 3:
                equal(sql(s, "SELECT count(*) FROM leaf WHERE place IS NULL"), "1")
            check(not here(s.at(holder)), "it sequences")
        check(eventually(lambda: s.at(holder).receipt(act).status == 200), "it is not placed")
        with births_going_on(s) as offices:
            check(eventually(lambda: acknowledged_by(offices) >= 4), "it did not go on")
        all_is_there([s], offices)


@test
def both_find_a_killed_server_again_and_nothing_is_lost():
    c = postgresql.running()
    with server(gates=2) as s:
        gates = [s.at(0), s.at(1)]
        holder_and_other(s)

        def failures():
            return re.findall("log_not_followed|sequencer_step_failed", s.log_text())

        with births_going_on(s) as offices:
            check(eventually(lambda: acknowledged_by(offices) >= 4), "it did not begin")
            check(eventually(lambda: all(Client(g.url).get("/log/checkpoint").status == 200 for g in gates)), "it is not published")
            c.kill()
            check(eventually(lambda: all(Client(g.url, timeout=15).get("/healthz").status == 503 for g in gates)), "they are well")
            for gate in gates:
                equal(Client(gate.url).get("/log/checkpoint").status, 200)
                check(eventually(lambda there=gate: metric(there, "civis_store_connections_away") and
                                 metric(there, "civis_store_connection_tries_total")), gate.url)
            count = acknowledged_by(offices)
            # A failure that goes on is said once at each, and not at each try.
            time.sleep(1)
            said = len(failures())
            time.sleep(3)
            check(len(failures()) <= said + 2, s.log_tail())
            c.start()
            check(eventually(lambda: acknowledged_by(offices) >= count + 4), "it did not go on")
            check(eventually(lambda: [here(g) for g in gates].count(True) == 1), "nobody sequences")
        all_is_there([s], offices)


@test
def a_gate_told_to_end_gives_its_place_up_at_once():
    with server(gates=2) as s:
        holder, other = holder_and_other(s)
        pid = pid_of(s, holder)
        os.kill(pid, signal.SIGTERM)
        ended = time.time()
        check(eventually(lambda: here(s.at(other)), 20))
        print(f"# the place was taken after {time.time() - ended:.1f} s")
        check(time.time() - ended < 4, "it waited for signs of life")


run_tests_on_server()
