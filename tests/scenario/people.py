# SPDX-License-Identifier: MPL-2.0
"""Who stands at the counter is found by what they bring; accounts are seen and ended from afar, and never made."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import check, equal, run_tests, server, test  # noqa: E402

LOOKUPS = "/api/v1/people/lookups"


@test
def a_record_is_found_by_number_document_or_entry():
    with server() as s:
        case, official = s.register(1), s.officer("official")
        s.receipt(case["act_id"])
        paper = s.officer("registrar").get(f"/api/v1/acts/{case['act_id']}/certificate.pdf")
        equal(paper.status, 200)
        entry = {n: case["entry"][n] for n in ("office", "register", "book", "year", "serial")}
        for brought in {"number": case["personal_number"]}, {"entry": entry}:
            for who in "official", "registrar", "auditor":
                answer = s.officer(who).post(LOOKUPS, brought)
                equal((answer.status, answer.json()), (200, {"id": case["person_id"]}), (who, brought))
            # Another office learns as much as about a number that nobody has.
            answer = s.officer("registrar2").post(LOOKUPS, brought)
            equal((answer.status, answer.code), (404, "nobody_found"), brought)
            for who in "verifier", "clerk", "admin":
                equal(s.officer(who).post(LOOKUPS, brought).status, 403, who)
        equal(s.family().post(LOOKUPS, {"number": case["personal_number"]}).status, 401)
        for nobody in {"number": "2595750249"}, {"number": "22"}, {"document": "K7QM-2XWD-9F"}, {"entry": {**entry, "serial": 999}}, {"entry": {**entry, "paper": True}}:
            equal(official.post(LOOKUPS, nobody).code, "nobody_found", nobody)


@test
def nothing_else_finds_anybody():
    with server() as s:
        case, official = s.register(1), s.officer("official")
        name = case["declaration"]["child"]["name"]["native"]
        for wrong in {"name": name}, {"child": {"name": name}}, {"place": case["declaration"]["child"]["birth"]["place"]}, {}, \
                {"number": case["personal_number"], "document": "K7QM-2XWD-9F"}, {"document": "k7qm"}, {"entry": {"office": s.country.office}}, {"entry": "B/1"}:
            answer = official.post(LOOKUPS, wrong)
            equal((answer.status, answer.code), (422, "invalid"), wrong)
            check(name not in answer.body.decode(), wrong)


@test
def what_was_found_is_not_opened():
    with server() as s:
        case, auditor = s.register(1), s.officer("auditor")

        def looks():
            return [x for x in auditor.get(f"/api/v1/people/{case['person_id']}/looks").json()["looks"] if x["kind"] != "looks"]
        before = looks()
        equal(s.officer("official").post(LOOKUPS, {"number": case["personal_number"]}).status, 200)
        equal(looks(), before)
        equal(s.officer("official").get(f"/api/v1/people/{case['person_id']}", headers={"Civis-Purpose": "counter_service"}).status, 200)
        equal(len(looks()), len(before) + 1)


@test
def an_account_is_ended_from_afar_and_never_made():
    with server() as s:
        admin, leaver = s.officer("admin"), s.officer("registrar2")
        accounts = {a["name"]: a for a in admin.get("/api/v1/staff").json()["staff"]}
        own, other = accounts["admin"], accounts["registrar2"]
        check(other["active"] and other["sessions"] == 1, other)
        equal(admin.post("/api/v1/staff", {"name": "mine"}).status, 405)
        equal(admin.post(f"/api/v1/staff/{own['id']}/close", {}).status, 409)
        equal(leaver.request("DELETE", f"/api/v1/staff/{own['id']}/sessions").status, 403)
        equal(admin.post(f"/api/v1/staff/{other['id']}/close", {}).status, 204)
        time.sleep(2.2)  # as long as the gate may still believe that a session is good
        equal(leaver.get("/api/v1/sessions/current").status, 401)
        line = s.officer("auditor").get("/api/v1/staff-log?limit=1").json()["lines"][0]
        equal((line["event"], line["by"], line["name"]), ("closed", "admin", "registrar2"))


if __name__ == "__main__":
    run_tests(sys.argv[1:])
