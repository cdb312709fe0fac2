# SPDX-License-Identifier: MPL-2.0
"""Clerks who register births while a test does something to the servers."""
import contextlib
import http.client
import threading
import time
import uuid

from harness import COMMUNE, VILLAGES, Client, declaration, local_today, new_case


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


@contextlib.contextmanager
def births_going_on(server, clerks=4):
    """Clerks who register births until the end of the block, at all gates of the server."""
    for name in ("official", "verifier", "registrar"):
        server.officer(name)
    stop, gates = threading.Event(), [server.at(gate) for gate in range(len(server.ports))]
    offices = [Office(gates, n, stop) for n in range(1, clerks + 1)]
    for office in offices:
        office.start()
    try:
        yield offices
    finally:
        stop.set()
        for office in offices:
            office.join(90)
