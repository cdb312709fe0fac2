# SPDX-License-Identifier: MPL-2.0
"""/openapi.json is valid OpenAPI 3.1 by an independent validator (npm), and each route answers as it says."""
import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from described import Described  # noqa: E402
from harness import ROOT, Client, Skip, check, equal, new_case, run_tests, server, test  # noqa: E402
from parcel import have_back, request_inside, seal, send_request  # noqa: E402

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


class Seen:
    """Which of the operations have been seen to answer; the client has held each answer against the description."""

    def __init__(self, client):
        self.described, self.seen = Described(client.get("/openapi.json").json()), set()

    def took(self, name, answer):
        operation = self.described.operations[name][2]
        check(str(answer.status) in operation["responses"], (name, answer))
        self.seen.add(name)
        return answer

    def refused(self, name, answer, status):
        equal(answer.status, status, (name, answer))
        check(name in self.described.operations, name)
        equal(answer.headers["content-type"], "application/problem+json")


@test
def nothing_is_left_undescribed():
    """What a program made from the description needs: every parameter and header typed and explained, every object closed."""
    for country in ("khm", "mmr", "zed"):
        with server(country) as s:
            d = Described(s.family().get("/openapi.json").json())
            for name, (_, path, operation) in d.operations.items():
                parameters = [d.resolve(p) for p in operation["parameters"]]
                equal({p["name"] for p in parameters if p["in"] == "path"}, set(re.findall(r"{(\w+)}", path)), name)
                for p in parameters:
                    check(p["description"] and p["schema"] and isinstance(p["required"], bool), (name, p))
                for header in operation["responses"][min(operation["responses"])].get("headers", {}).values():
                    check(d.resolve(header)["description"], (name, header))
                for status, answer in operation["responses"].items():
                    for kind, content in d.resolve(answer).get("content", {}).items():
                        check(d.resolve(content["schema"]), (name, status, kind))
                check(all(set(way) <= set(d.document["components"]["securitySchemes"]) for way in operation["security"]), name)
            for name, schema in d.document["components"]["schemas"].items():
                check(is_closed(d, schema), name)


def is_closed(d, schema):
    """Whether every object in it says all its members, or what they are called by name."""
    schema = d.resolve(schema)
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return all(d.resolve(c).get("type") != "object" or is_closed(d, c) for c in choices)
    if "properties" in schema:
        return schema["additionalProperties"] is False and set(schema["required"]) <= set(schema["properties"]) and all(
            "$ref" in p or is_closed(d, p) for p in schema["properties"].values())
    # A schema inside an answer (the form of a move) is open: it is JSON Schema's own.
    return schema.get("type") != "object" or "additionalProperties" in schema or "JSON Schema" in schema["description"]


@test
def an_answer_that_is_not_as_described_is_noticed():
    with server() as s:
        client, case = s.officer("verifier"), s.declare(1)
        d = Described(client.get("/openapi.json").json())
        path = "/api/v1/cases/" + case["id"]
        answer = client.get(path)
        equal(d.check("GET", path, answer), "case_get")

        def is_noticed(change):
            spoilt = copy.deepcopy(answer)
            body = answer.json()
            change(spoilt, body)
            spoilt.json = lambda: body
            try:
                d.check("GET", path, spoilt)
            except AssertionError:
                return True
            return False
        for change in (lambda _, b: b.pop("holder"), lambda _, b: b.update(more=1), lambda _, b: b.update(version="1"),
                       lambda _, b: b.update(version=0), lambda _, b: b["history"][0].update(more=1),
                       lambda _, b: b["declaration"]["child"].update(colour="red"), lambda _, b: b.update(id="x"),
                       lambda _, b: b["duplicates"].update(why_not="since"), lambda _, b: b.update(created="today"),
                       lambda a, _: a.headers.update({"x-more": "1"}), lambda a, _: a.headers.update(etag="1"),
                       lambda a, _: a.headers.update({"content-type": "text/plain"}), lambda a, _: setattr(a, "status", 201)):
            check(is_noticed(change))
        check(not is_noticed(lambda a, b: None))


@test
def every_route_answers_as_it_is_described():
    with server() as s:
        d = Seen(s.family())
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

        d.took("parcel_key_get", s.family().get("/api/v1/parcel-key"))
        d.took("parcel_take", send_request(official, "/api/v1/cases", new_case(s.country.office, s.country.birth(4))))
        d.refused("parcel_take", send_request(official, "/api/v1/sessions", {}), 422)
        staff = official.get("/api/v1/sessions/current").json()["staff"]["id"]
        seal_to = s.family().get("/api/v1/parcel-key").json()
        d.took("parcel_opened", have_back(official, seal(request_inside("/api/v1/cases", {}, staff=staff), seal_to)))
        d.refused("parcel_opened", have_back(official, seal(request_inside("/api/v1/cases", {}), seal_to)), 403)
        d.took("case_list", verifier.get("/api/v1/cases"))
        d.took("case_list", verifier.get(f"/api/v1/cases?code={case['tracking_code']}"))
        opened = d.took("case_get", verifier.get(where)).json()
        answer = d.took("attachment_get", verifier.get(f"{where}/attachments/{opened['attachments'][0]['id']}"))
        equal(answer.headers["content-type"], "application/pdf")
        d.took("case_draft", official.get(where + "/draft.pdf"))
        d.took("case_slip", official.get(where + "/slip.pdf"))
        d.refused("case_decision", official.get(where + "/decision.pdf"), 404)
        refused = s.declare(5)
        verifier.move(refused["id"], "reject", 1, {"reason": "other", "details": {"grounds": "Of another country."}})
        d.took("case_decision", official.get(f"/api/v1/cases/{refused['id']}/decision.pdf"))
        d.took("case_move", verifier.move(case["id"], "verify", 1))
        d.refused("case_move", verifier.move(case["id"], "verify", 1), 412)
        case.update(d.took("case_move", s.sign(case).move(case["id"], "register", 2)).json())
        s.receipt(case["act_id"])
        act, person = f"/api/v1/acts/{case['act_id']}", f"/api/v1/people/{case['person_id']}"
        d.took("act_get", registrar.get(act))
        d.took("act_receipt", registrar.get(act + "/receipt"))
        d.took("act_certificate", registrar.get(act + "/certificate.pdf"))
        d.took("person_get", registrar.get(person, headers=COUNTER))
        d.refused("person_get", registrar.get(person), 400)
        d.took("person_looks", registrar.get(person + "/looks"))
        equal(d.took("person_find", registrar.post("/api/v1/people/lookups", {"number": case["personal_number"]})).json(), {"id": case["person_id"]})
        d.refused("person_find", registrar.post("/api/v1/people/lookups", {"number": "2222222222"}), 404)
        given = d.took("act_claim_code", registrar.post(act + "/claim-codes", {})).json()
        d.took("claim_redeem", s.family().post("/api/v1/claims", {"code": given["code"]}))
        d.refused("claim_redeem", s.family().post("/api/v1/claims", {"code": "0000-0000-0000"}), 404)
        entry = case["entry"]
        page = (f"/api/v1/register-pages?office={entry['office']}&register={entry['register']}&year={entry['year']}"
                f"&book={entry['book']}&page=1")
        d.took("register_page", registrar.get(page))
        d.refused("register_page", official.get(page), 403)
        admin = s.officer("admin")
        account = next(a for a in d.took("staff_list", admin.get("/api/v1/staff")).json()["staff"] if a["name"] == "registrar2")
        d.took("staff_sessions_end", admin.request("DELETE", f"/api/v1/staff/{account['id']}/sessions"))
        d.took("staff_close", admin.post(f"/api/v1/staff/{account['id']}/close", {}))
        d.took("staff_log", s.officer("auditor").get("/api/v1/staff-log?limit=5"))
        d.refused("staff_list", registrar.get("/api/v1/staff"), 403)
        d.took("counts_get", registrar.get("/api/v1/counts?from=2026-01&to=2026-10"))
        device = str(uuid.uuid4())
        d.took("device_heard", official.post("/api/v1/devices", {"id": device, "waiting": 2}))
        d.refused("device_heard", official.post("/api/v1/devices", {"id": "Tablet", "waiting": -1, "label": ""}), 422)
        d.took("device_list", official.get("/api/v1/devices?limit=1"))
        d.took("device_drop", official.request("DELETE", f"/api/v1/devices/{device}"))

        anyone = s.family()
        d.took("form_blank", anyone.get("/forms/birth.pdf"))
        for name, path in (("place_list", "/api/v1/places?limit=3"), ("office_list", "/api/v1/offices?limit=3"),
                           ("country_get", "/api/v1/country"), ("country_form", "/api/v1/country/forms/birth"),
                           ("country_strings", "/api/v1/country/strings/my"), ("calendar_get", "/api/v1/calendar/2026-11-22"),
                           ("log_checkpoint", "/log/checkpoint"), ("log_tile", "/log/tile/0/000.p/1"),
                           ("status_list_get_signed", "/status/0"), ("trust_get", "/trust.json"),
                           ("openapi", "/openapi.json"), ("docs", "/docs"), ("health", "/healthz"), ("metrics", "/metrics")):
            d.took(name, anyone.get(path))
        d.refused("country_sound", anyone.get("/api/v1/country/sounds/" + "0" * 64), 404)
        d.refused("country_form", anyone.get("/api/v1/country/forms/none"), 404)
        d.refused("calendar_get", anyone.get("/api/v1/calendar/today"), 422)
        d.took("romanisation_propose", anyone.post("/api/v1/romanisation", {"text": "សុខ ដារ៉ា"}))
        d.refused("romanisation_propose", anyone.post("/api/v1/romanisation", {}), 422)
        d.took("log_tile", anyone.get("/log/tile/entries/000.p/1"))
        d.refused("log_tile", anyone.get("/log/tile/0/999"), 404)
        d.refused("authority_get", anyone.get("/authority.crt"), 404)
        d.refused("log_closed_checkpoint", anyone.get("/log/closed/1/checkpoint"), 404)
        d.refused("log_closed_known", anyone.get("/log/closed/1/known"), 404)
        d.refused("log_closed_tile", anyone.get("/log/closed/1/tile/0/000.p/1"), 404)
        # Only after a new epoch is there something closed: tests/scenario/edges.py. Only with HTTPS is there an authority:
        # tests/scenario/https.py. Only the invented country can be heard: tests/scenario/country.py.
        equal(set(d.described.operations) - d.seen, {"authority_get", "country_sound", "log_closed_checkpoint", "log_closed_known",
                                                     "log_closed_tile"}, "never asked")


def b64(text):
    import base64
    return base64.b64encode(text.encode()).decode()


run_tests(only=sys.argv[1:])
