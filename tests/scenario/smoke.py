# SPDX-License-Identifier: MPL-2.0
"""The whole path once: init, places, staff, serve, declare, verify, register, receipt, certificate, `civis verify`."""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import check, civis, equal, run_tests, server, test  # noqa: E402


@test
def a_birth_from_declaration_to_a_verified_certificate():
    with server() as s, tempfile.TemporaryDirectory() as folder:
        registrar = s.officer("registrar")
        case = s.verify(s.declare(7))
        opened = s.officer("verifier").get(f"/api/v1/cases/{case['id']}")
        equal(opened.status, 200, opened)
        equal(opened.headers["etag"], f'"{case["version"]}"')
        check(opened.json()["number_reserved"])
        registered = registrar.move(case["id"], "register", case["version"])
        equal(registered.status, 200, registered)
        act = registered.json()["act_id"]
        check(len(registered.json()["personal_number"]) == 10, registered)
        receipt = s.receipt(act)
        equal(receipt.status, 200, receipt)
        equal(receipt.headers["content-type"], "application/cbor")
        certificate = registrar.get(f"/api/v1/acts/{act}/certificate.pdf")
        equal(certificate.status, 200, certificate)
        pdf, trust = os.path.join(folder, "certificate.pdf"), os.path.join(folder, "trust.json")
        with open(pdf, "wb") as f:
            f.write(certificate.body)
        with open(trust, "wb") as f:
            f.write(s.family().get("/trust.json").body)
        found = json.loads(civis("verify", pdf, "--trust", trust, "--json").stdout)
        check(found, found)
        copy = registrar.get(f"/api/v1/acts/{act}/certificate.pdf")
        equal(copy.status, 200, copy)
        check(copy.body != certificate.body)
        person = registrar.get(f"/api/v1/people/{registered.json()['person_id']}", headers={"Civis-Purpose": "counter_service"})
        equal(person.status, 200, person)
        looks = registrar.get(f"/api/v1/people/{registered.json()['person_id']}/looks")
        check(len(looks.json()["looks"]) >= 4, looks)


run_tests()
