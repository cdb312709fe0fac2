# SPDX-License-Identifier: MPL-2.0
"""/openapi.json is valid OpenAPI 3.1 by an independent validator (npm), and each route answers as it says."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import ROOT, Client, Skip, check, equal, new_case, run_tests, server, test  # noqa: E402

HERE = os.path.join(ROOT, "tests", "interop")
COUNTER = {"Civis-Purpose": "counter_service"}


@test
def the_description_is_valid_openapi():
    if not shutil.which("node") or not os.path.isdir(os.path.join(HERE, "node_modules", "@seriousme")):
        raise Skip("needs node and `npm ci` in tests/interop")
    for country in ("khm", "mmr"):
        with server(country) as s, tempfile.NamedTemporaryFile(suffix=".json") as f:
            f.write(s.family().get("/openapi.json").body)
            f.flush()
            done = subprocess.run(["node", os.path.join(HERE, "openapi", "validate.mjs"), f.name], capture_output=True,
                                  text=True, check=False)
            equal(done.returncode, 0, done.stdout + done.stderr)
            equal(done.stdout.strip(), "OpenAPI 3.1")


class Described:
    """The description, and which of its operations have been seen to keep to it."""

    def __init__(self, client):
        self.document, self.seen = client.get("/openapi.json").json(), set()
        self.operations = {operation["operationId"]: (method, path, operation)
                           for path, methods in self.document["paths"].items()
                           for method, operation in methods.items()}
        equal(len(self.operations), sum(len(m) for m in self.document["paths"].values()), "operation ids are not unique")

    def resolve(self, schema):
        while "$ref" in schema:
            node = self.document
            for name in schema["$ref"].lstrip("#/").split("/"):
                node = node[name]
            schema = node
        return schema

    def fits(self, schema, value, where):
        """The part of JSON Schema that the description uses."""
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
        allowed = schema.get("type", list(kinds))
        allowed = [allowed] if isinstance(allowed, str) else allowed
        check(any(isinstance(value, kinds[k]) and not (k == "integer" and isinstance(value, bool)) for k in allowed),
              (where, allowed, value))
        if isinstance(value, str) and "pattern" in schema:
            check(re.search(schema["pattern"], value), (where, value))
        if isinstance(value, dict):
            for name in schema.get("required", []):
                check(name in value, (where, name, value))
            for name, part in value.items():
                known = schema.get("properties", {})
                if "properties" in schema:
                    check(name in known, f"{where}/{name} is not described")
                if name in known:
                    self.fits(known[name], part, f"{where}/{name}")
        for number, part in enumerate(value if isinstance(value, list) else []):
            self.fits(schema.get("items", {}), part, f"{where}/{number}")

    def took(self, name, answer):
        method, path, operation = self.operations[name]
        (status, described), = [(k, v) for k, v in operation["responses"].items() if k != "default"]
        equal(answer.status, int(status), (method, path, answer))
        kinds = described.get("content")
        if kinds and method != "head":
            (kind, content), = kinds.items()
            equal(answer.headers["content-type"].split(";")[0], kind, path)
            if kind == "application/json":
                self.fits(content["schema"], answer.json(), path)
        elif method != "head":
            equal(answer.body, b"", path)
        self.seen.add(name)
        return answer

    def refused(self, name, answer, status):
        equal(answer.status, status, (name, answer))
        equal(answer.headers["content-type"], "application/problem+json")
        self.fits(self.document["components"]["schemas"]["Problem"], answer.json(), name)


@test
def every_route_answers_as_it_is_described():
    with server() as s:
        d = Described(s.family())
        fresh, official, verifier, registrar = Client(s.url), s.officer("official"), s.officer("verifier"), s.officer("registrar")
        d.took("session_create", fresh.sign_in("registrar2", "rice field at dawn"))
        d.took("session_get", fresh.get("/api/v1/sessions/current"))
        d.took("session_end", fresh.request("DELETE", "/api/v1/sessions/current"))
        d.refused("session_get", fresh.get("/api/v1/sessions/current"), 401)

        case = new_case(s.country.office, s.country.birth(3))
        case.update(d.took("case_create", official.declare(case)).json())
        d.refused("case_create", official.declare({**case, "declaration": {}}), 422)
        d.took("case_track", s.family().post("/api/v1/tracking", {"code": case["tracking_code"],
                                                                 "secret": case["tracking_secret"]}))
        where = f"/api/v1/cases/{case['id']}"
        tus = {"Tus-Resumable": "1.0.0", "Tracking-Secret": case["tracking_secret"]}
        metadata = {**tus, "Upload-Metadata": "case " + b64(case["id"]) + ",kind " + b64("proof_of_birth")}
        pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        made = d.took("upload_create", s.family().request("POST", "/api/v1/uploads", raw=b"", headers={
            **metadata, "Upload-Length": str(len(pdf))}))
        upload = made.headers["location"]
        d.took("upload_head", s.family().request("HEAD", upload, headers=tus))
        d.took("upload_patch", s.family().request("PATCH", upload, raw=pdf, headers={
            **tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}))
        other = s.family().request("POST", "/api/v1/uploads", raw=b"", headers={**metadata, "Upload-Length": "99"})
        d.took("upload_delete", s.family().request("DELETE", other.headers["location"], headers=tus))
        d.refused("upload_head", s.family().request("PATCH", other.headers["location"], raw=b"x", headers={
            **tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}), 404)

        d.took("case_list", verifier.get("/api/v1/cases"))
        opened = d.took("case_get", verifier.get(where)).json()
        answer = verifier.get(f"{where}/attachments/{opened['attachments'][0]['id']}")
        equal(answer.headers["content-type"], "application/pdf")
        answer.headers["content-type"] = "application/octet-stream"  # what it is described as: any type
        d.took("attachment_get", answer)
        d.took("case_draft", official.get(where + "/draft.pdf"))
        d.took("case_slip", official.get(where + "/slip.pdf"))
        d.took("case_move", verifier.move(case["id"], "verify", 1))
        d.refused("case_move", verifier.move(case["id"], "verify", 1), 412)
        case.update(d.took("case_move", registrar.move(case["id"], "register", 2)).json())
        s.receipt(case["act_id"])
        act, person = f"/api/v1/acts/{case['act_id']}", f"/api/v1/people/{case['person_id']}"
        d.took("act_get", registrar.get(act))
        d.took("act_receipt", registrar.get(act + "/receipt"))
        d.took("act_certificate", registrar.get(act + "/certificate.pdf"))
        d.took("person_get", registrar.get(person, headers=COUNTER))
        d.refused("person_get", registrar.get(person), 400)
        d.took("person_looks", registrar.get(person + "/looks"))
        given = d.took("act_claim_code", registrar.post(act + "/claim-codes", {})).json()
        d.took("claim_redeem", s.family().post("/api/v1/claims", {"code": given["code"]}))
        d.refused("claim_redeem", s.family().post("/api/v1/claims", {"code": "0000-0000-0000"}), 404)
        entry = case["entry"]
        page = (f"/api/v1/register-pages?office={entry['office']}&register={entry['register']}&year={entry['year']}"
                f"&book={entry['book']}&page=1")
        d.took("register_page", registrar.get(page))
        d.refused("register_page", official.get(page), 403)
        d.took("counts_get", registrar.get("/api/v1/counts?from=2026-01&to=2026-10"))

        anyone = s.family()
        d.took("form_blank", anyone.get("/forms/birth.pdf"))
        for name, path in (("place_list", "/api/v1/places?limit=3"), ("office_list", "/api/v1/offices?limit=3"),
                           ("calendar_get", "/api/v1/calendar/2026-11-22"),
                           ("log_checkpoint", "/log/checkpoint"), ("log_tile", "/log/tile/0/000.p/1"),
                           ("status_list_get_signed", "/status/0"), ("trust_get", "/trust.json"),
                           ("openapi", "/openapi.json"), ("docs", "/docs"), ("health", "/healthz"), ("metrics", "/metrics")):
            d.took(name, anyone.get(path))
        d.refused("calendar_get", anyone.get("/api/v1/calendar/today"), 422)
        d.took("romanisation_propose", anyone.post("/api/v1/romanisation", {"text": "សុខ ដារ៉ា"}))
        d.refused("romanisation_propose", anyone.post("/api/v1/romanisation", {}), 422)
        d.took("log_tile", anyone.get("/log/tile/entries/000.p/1"))
        d.refused("log_tile", anyone.get("/log/tile/0/999"), 404)
        d.refused("log_closed_checkpoint", anyone.get("/log/closed/1/checkpoint"), 404)
        d.refused("log_closed_known", anyone.get("/log/closed/1/known"), 404)
        d.refused("log_closed_tile", anyone.get("/log/closed/1/tile/0/000.p/1"), 404)
        # Only after a new epoch is there something closed: tests/scenario/edges.py.
        equal(set(d.operations) - d.seen, {"log_closed_checkpoint", "log_closed_known", "log_closed_tile"}, "never asked")


def b64(text):
    import base64
    return base64.b64encode(text.encode()).decode()


run_tests(only=sys.argv[1:])
