# SPDX-License-Identifier: MPL-2.0
"""A register in which something happened, and all that it tells of it: for what must leave it as it was."""
import hashlib

import events
from harness import COMMUNE, DISTRICT, equal, new_case, running
from civis_client import PHOTOGRAPH

COUNTER = {"Civis-Purpose": "counter_service"}


def correct(s, born):
    said = events.restated(born["declaration"], "correction", born["declaration"]["informant"]["name"])
    said["child"]["sex"] = "undetermined"
    case = new_case(COMMUNE, said)
    case.update({"kind": "correction", "person": born["person_id"], "about": born["act_id"]})
    del case["office"], case["tracking_secret"]
    answer = s.officer("official").declare(case)
    equal(answer.status, 201, answer)
    case.update(answer.json())
    s.verify(case)
    equal(s.officer("official").upload(case["id"], "health_card", PHOTOGRAPH).status, 204)
    answer = s.sign(case).move(case["id"], "register", case["version"])
    equal(answer.status, 200, answer)
    return case | answer.json()


def make(data):
    """Births, a correction, a case that was returned, one that waits, attachments, certificates. (people, acts, cases, what it told)"""
    with running(data) as s:
        born = [s.register(n) for n in range(1, 7)]
        done = [*born, correct(s, born[0])]
        back, waits = s.declare(20), s.declare(21, by=None)
        answer = s.officer("verifier").move(back["id"], "return", back["version"], {"reason": "evidence_missing"})
        equal(answer.status, 200, answer)
        equal(s.officer("official").upload(back["id"], "proof_of_birth", PHOTOGRAPH).status, 204)
        for case in born[1:3]:
            equal(s.officer("registrar").get(f"/api/v1/acts/{case['act_id']}/certificate.pdf").status, 200)
        for case in done:
            equal(s.receipt(case["act_id"]).status, 200)
        people = [case["person_id"] for case in born]
        acts, cases = [case["act_id"] for case in done], [case["id"] for case in [*done, back, waits]]
        return people, acts, cases, tell(s, people, acts, cases)


def tell(s, people, acts, cases):
    """What the register says of all that, through its API."""
    official, registrar, admin, told = s.officer("official"), s.officer("registrar"), s.officer("admin"), {}

    def ask(client, path, **more):
        answer = client.get(path, **more)
        equal(answer.status, 200, (path, answer))
        told[path] = hashlib.sha256(answer.body).hexdigest() if len(answer.body) > 4000 else answer.body
        return answer
    for person in people:
        ask(official, f"/api/v1/people/{person}", headers=COUNTER)
    for act in acts:
        ask(registrar, f"/api/v1/acts/{act}", headers=COUNTER)
        ask(registrar, f"/api/v1/acts/{act}/receipt", headers=COUNTER)
    for case in cases:
        for a in ask(official, f"/api/v1/cases/{case}").json()["attachments"]:
            ask(official, f"/api/v1/cases/{case}/attachments/{a['id']}")
    for path in ("/api/v1/cases", f"/api/v1/offices?scope={DISTRICT}", "/api/v1/places?parent=0499", "/log/checkpoint"):
        ask(official, path)
    for path in ("/api/v1/counts", "/api/v1/counts?by=office"):
        ask(s.officer("auditor"), path)
    told["accounts"] = [a["name"] for a in ask(admin, "/api/v1/staff").json()["staff"]]
    del told["/api/v1/staff"]
    return told


def same(s, made):
    """The running register tells of that what it told."""
    people, acts, cases, told = made
    now = tell(s, people, acts, cases)
    for path, before in told.items():
        equal(now[path], before, path)
