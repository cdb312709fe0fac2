# SPDX-License-Identifier: MPL-2.0
"""Parcels sealed by an independent HPKE (npm) are taken in; what civis seals, that one opens."""
import base64
import json
import os
import shutil
import subprocess
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import ROOT, Skip, check, equal, new_case, run_tests, server, test  # noqa: E402
from parcel import request_inside, seal, send  # noqa: E402

HERE = os.path.join(ROOT, "tests", "interop")
TUS = {"Tus-Resumable": "1.0.0"}


def npm(*args, stdin=b""):
    if not shutil.which("node") or not os.path.isdir(os.path.join(HERE, "node_modules", "@hpke")):
        raise Skip("needs node and `npm ci` in tests/interop")
    done = subprocess.run(["node", os.path.join(HERE, "parcel_npm", "parcel.mjs"), *args], input=stdin, capture_output=True,
                          check=False)
    equal(done.returncode, 0, done.stderr.decode())
    return done.stdout


def sealed_by_npm(plain, key, kind):
    return npm("seal", kind, key["kid"], key["key"], key["deployment"], stdin=plain)


@test
def a_request_and_a_file_sealed_by_another_program_are_taken_in():
    npm("key")
    with server() as s:
        official, key = s.officer("official"), s.family().get("/api/v1/parcel-key").json()
        case = new_case(s.country.office, s.country.birth(1))
        made = send(official, sealed_by_npm(request_inside("/api/v1/cases", case), key, "request"))
        equal(made.status, 201, made)
        # Three pieces, the last one short.
        pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\n" + b"% a long scan\n" * 40000 + b"trailer<<>>\n%%EOF\n"
        check(2 * 256 * 1024 < len(pdf) < 3 * 256 * 1024, len(pdf))
        parcel = sealed_by_npm(pdf, key, "file")
        metadata = [f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in
                    (("case", case["id"]), ("kind", "proof_of_birth"))]
        begun = official.request("POST", "/api/v1/uploads", raw=b"", headers={
            **TUS, "Upload-Length": str(len(parcel)), "Upload-Metadata": ",".join([*metadata, "sealed"])})
        sent = official.request("PATCH", begun.headers["location"], raw=parcel, headers={
            **TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
        equal(sent.status, 204, sent)
        (kept,) = official.get(f"/api/v1/cases/{case['id']}").json()["attachments"]
        equal(official.get(f"/api/v1/cases/{case['id']}/attachments/{kept['id']}").body, pdf)


@test
def what_is_sealed_here_another_program_opens():
    pair, deployment = json.loads(npm("key")), str(uuid.uuid4())
    key = {"kid": "0102030405060708", "key": pair["key"], "deployment": deployment}
    for plain, kind in ((b"{}", "request"), (os.urandom(256 * 1024), "file"), (os.urandom(600_000), "file")):
        equal(npm("open", pair["private"], deployment, stdin=seal(plain, key, kind)) == plain, True, (kind, len(plain)))


run_tests(only=sys.argv[1:])
