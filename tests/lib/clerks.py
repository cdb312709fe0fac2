# SPDX-License-Identifier: MPL-2.0
"""Clerks who register births while a test does something to the servers; and whether all is there afterwards."""
import contextlib
import http.client
import os
import threading
import time
import uuid

import postgresql
from harness import COMMUNE, VILLAGES, Client, check, civis, declaration, equal, eventually, local_today, new_case
from stored import database


class Office(threading.Thread):
    """One clerk's day: births declared, verified, registered; keeps what was acknowledged.

    A request without an answer, or answered 5xx/429, is repeated with the same key, as a client must; where there
    are several gates, at the next."""

    def __init__(self, gates, number, stop):
        super().__init__(daemon=True)
        self.gates, self.number, self.stop = gates, number, stop
        self.gate = number  # modulo their number
        self.acknowledged, self.unexpected, self.repeats = [], [], 0
        self.clients = {}

    def client(self, name):
        if name not in self.clients:
            there = self.gates[self.gate % len(self.gates)]
            self.clients[name] = Client(there.url, timeout=10)
            self.clients[name].token = there.signed_in[name]
        return self.clients[name]

    def elsewhere(self):
        """The next gate, and nothing that was sent to this one is waited for."""
        for client in self.clients.values():
            client.close()
        self.clients.clear()
        self.gate += 1

    def insist(self, name, path, body, headers=None):
        key, give_up = str(uuid.uuid4()), time.time() + 60
        while time.time() < give_up:
            try:
                answer = self.client(name).request("POST", path, body=body, headers=headers, key=key)
                if answer.status < 500 and answer.status != 429:
                    return answer
            except (OSError, http.client.HTTPException):  # lost, or cut off in the middle
                self.elsewhere()
            if self.stop.is_set():
                return None
            self.repeats += 1
            time.sleep(0.05)
        return None

    def sign(self, name, case_id):
        """Attaches the signed draft, from its beginning after anything was lost; whether it is there."""
        give_up = time.time() + 60
        while time.time() < give_up and not self.stop.is_set():
            try:
                if self.client(name).sign(case_id).status == 204:
                    return True
            except (OSError, http.client.HTTPException):
                self.elsewhere()
            self.repeats += 1
            time.sleep(0.05)
        return False

    def birth(self, seed):
        case = new_case(COMMUNE, declaration(seed, VILLAGES, local_today()))
        answer = self.insist("official", "/api/v1/cases", case)
        for step, name in (("verify", "verifier"), ("register", "registrar")):
            if answer is None:
                return
            if answer.status not in (200, 201):
                self.unexpected.append(answer)
                return
            if step == "register" and not self.sign(name, case["id"]):
                return
            answer = self.insist(name, f"/api/v1/cases/{case['id']}/{step}", {},
                                 {"If-Match": f'"{answer.json()["version"]}"'})
        if answer is not None and answer.status == 200:
            self.acknowledged.append(answer.json())
        elif answer is not None:
            self.unexpected.append(answer)

    def run(self):
        seed = self.number * 100000
        while not self.stop.is_set():
            seed += 1
            self.birth(seed)


def acknowledged_by(offices):
    return sum(len(office.acknowledged) for office in offices)


def gates_of(*servers):
    return [server.at(gate) for server in servers for gate in range(len(server.ports))]


@contextlib.contextmanager
def births_going_on(*servers, clerks=4):
    """Clerks who register births until the end of the block, at all gates of the servers."""
    for server in servers:
        for name in ("official", "verifier", "registrar"):
            server.officer(name)
    stop, gates = threading.Event(), gates_of(*servers)
    offices = [Office(gates, n, stop) for n in range(1, clerks + 1)]
    for office in offices:
        office.start()
    try:
        yield offices
    finally:
        stop.set()
        for office in offices:
            office.join(90)


PLACES = ("SELECT count(*), count(DISTINCT act_id), count(place), count(DISTINCT place), coalesce(max(place) + 1, 0) FROM leaf"
          " WHERE log_id = 'acts'")


def sql(server, text):
    """Asks the database that a server's register lies in."""
    return postgresql.running().sql(text, database(server.data), "civis_owner")


def all_is_there(servers, offices):
    """Every act that was acknowledged: one serial, one leaf, one place, a receipt at each gate; and the log is sound at
    each. Ends the servers, whose registers lie in one database."""
    first, gates = servers[0], gates_of(*servers)
    acts = [act for office in offices for act in office.acknowledged]
    check(acts, "no birth was registered")
    equal([wrong for office in offices for wrong in office.unexpected], [])
    for unique in ([act["entry"]["serial"] for act in acts], [act["personal_number"] for act in acts]):
        equal(len(set(unique)), len(unique), "given twice")
    check(eventually(lambda: sql(first, "SELECT count(*) FROM leaf WHERE place IS NULL") == "0"), "leaves are pending")
    # No serial is missing, whoever was told of it, and each leaf has one place without a gap.
    equal(sql(first, "SELECT count(*) - max(serial) FROM entry"), "0")
    size = int(sql(first, "SELECT count(*) FROM act"))
    equal(sql(first, PLACES), "|".join([str(size)] * 5))
    check(eventually(lambda: sql(first, "SELECT count(*) FROM feed_task") == "0"), "the matchers are not told of each")
    known = set(sql(first, "SELECT encode(act_id, 'hex') FROM leaf").split())
    equal([act["act_id"] for act in acts if act["act_id"].replace("-", "") not in known], [])
    trust = os.path.join(first.data, "trust.json")
    with open(trust, "wb") as f:
        f.write(Client(first.url).get("/trust.json").body)
    for gate in gates:
        check(eventually(lambda there=gate: f"\n{size}\n" in Client(there.url).get("/log/checkpoint").body.decode()), gate.url)
        for act in acts[:2] + acts[-2:]:
            equal(gate.receipt(act["act_id"]).status, 200, act)
        done = civis("log", "verify", gate.url, "--trust", trust)
        check(f": {size} entries" in done.stdout and done.stdout.endswith("valid\n"), done.stdout)
    for server in servers:
        server.stop()
    done = civis("check", "--data", first.data, "--deep")
    check("sound" in done.stdout, done.stdout)
    print(f"# {len(acts)} of {size} acts acknowledged, {sum(o.repeats for o in offices)} requests repeated")
