# SPDX-License-Identifier: MPL-2.0
"""What lies at the edges of the whole path: limits, repeats, broken bodies, uploads, what the paper carries.
One server for all but what needs its own; each test is independent of the others."""
import base64
import hashlib
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import events  # noqa: E402
from stored import change  # noqa: E402
from harness import (COMMUNE, ROOT, Client, Server, check, civis, data_folder, equal, new_case, run_tests, server,
                     test)  # noqa: E402
from civis_client import PHOTOGRAPH  # noqa: E402

TUS = {"Tus-Resumable": "1.0.0"}
PIECES = {**TUS, "Content-Type": "application/offset+octet-stream"}
S = None  # the server


def case_for(seed, **change):
    case = new_case(COMMUNE, S.country.birth(seed))
    case.update(change)
    return case


# ---- quota

@test
def an_officer_who_has_read_enough_today_is_stopped_and_nobody_else():
    with data_folder() as data:
        s = Server(data).start()
        case = s.declare(1, by="official2", office=s.country.neighbour)
        equal(s.officer("verifier2").get(f"/api/v1/cases/{case['id']}").status, 200)
        s.stop()
        # The rest of a long day's work, told to the vault's own count: 1000 openings are permitted.
        change(data, ["UPDATE quota SET n = 998 WHERE n > 0"], room="vault")
        s.start()
        second = s.officer("verifier2")
        statuses = [second.get(f"/api/v1/cases/{case['id']}") for _ in range(4)]
        equal([a.status for a in statuses], [200, 200, 429, 429], statuses)
        equal(statuses[-1].code, "quota_reached", statuses)
        check(int(statuses[-1].headers["retry-after"]) >= 1)
        equal(s.officer("verifier").get(f"/api/v1/cases/{case['id']}").status, 200)
        s.stop()


# ---- languages

@test
def each_wrong_field_is_told_in_the_readers_language():
    bad = case_for(2)
    bad["declaration"]["child"]["sex"] = "maybe"
    bad["declaration"]["child"]["birth"]["date"] = "2025-02-29"
    bad["declaration"]["mother"]["name"] = {"native": "\u1780", "latin": 7}
    bad["declaration"]["child"]["religion"] = "x"
    said = {}
    for asked, script in (("en", r"[A-Za-z]"), ("km", r"[\u1780-\u17ff]"), ("my", r"[\u1000-\u109f]"),
                          ("fr;q=0.9, my;q=0.8, en;q=0.3", r"[\u1000-\u109f]"), ("en;q=0.2, km-KH", r"[\u1780-\u17ff]"),
                          ("km;q=0, en", r"[A-Za-z]"), ("xx", None), ("*;q=0.5, ;;q=x", None)):
        answer = Client(S.url, language=asked).declare(bad)
        equal(answer.status, 422, answer)
        problem = answer.json()
        equal(len(problem["errors"]), 4, problem)
        if script:
            check(re.search(script, problem["title"]), (asked, problem["title"]))
            for error in problem["errors"]:
                check(re.search(script, error["message"]), (asked, error))
            said[answer.headers["content-language"]] = {e["code"]: e["message"] for e in problem["errors"]}
    equal(sorted(said), ["en", "km", "my"])


# ---- repeats

@test
def a_key_is_for_one_body_and_one_person():
    official, other = S.officer("official"), S.officer("official2")
    case, key = case_for(3), str(uuid.uuid4())
    made = official.declare(case, key=key)
    equal(made.status, 201, made)
    reused = official.post(f"/api/v1/cases/{case['id']}/withdraw", {"reason": "other"}, key=key, headers={"If-Match": '"1"'})
    equal((reused.status, reused.code), (422, "request_id_reused"), reused)
    # A stranger learns nothing from the key, neither as an officer nor without an account.
    for stranger in (other, S.family()):
        answer = stranger.declare(case, key=key)
        check(answer.status in (403, 404, 409), answer)
        check(made.json()["tracking_code"] not in answer.body.decode(), answer)
        check("idempotency-replayed" not in answer.headers, answer)
    # The first answer is given again, also after the case has moved on.
    moved = S.officer("verifier").move(case["id"], "verify", 1, key="v1-" + key)
    equal(moved.status, 200, moved)
    registered = S.sign(case).move(case["id"], "register", 2, key="r1-" + key)
    equal(registered.status, 200, registered)
    equal(official.declare(case, key=key).json(), made.json())
    equal(S.officer("verifier").move(case["id"], "verify", 1, key="v1-" + key).json(), moved.json())
    again = S.officer("registrar").move(case["id"], "register", 2, key="r1-" + key)
    equal((again.status, again.json()), (200, registered.json()))


@test
def a_repeat_is_answered_though_what_it_is_about_was_replaced_since():
    official, born = S.officer("official"), S.register(61)
    said = events.restated(born["declaration"], "correction", born["declaration"]["informant"]["name"])
    said["child"]["sex"] = "undetermined"
    case, key = new_case(COMMUNE, said), str(uuid.uuid4())
    case.update({"kind": "correction", "person": born["person_id"], "about": born["act_id"]})
    del case["office"], case["tracking_secret"]
    made = official.declare(case, key=key)
    equal(made.status, 201, made)
    equal(S.officer("verifier").move(case["id"], "verify", 1).status, 200)
    equal(official.upload(case["id"], "health_card", PHOTOGRAPH).status, 204)
    equal(S.sign(case).move(case["id"], "register", 2).status, 200)
    again = official.declare(case, key=key)
    equal((again.status, again.json()), (201, made.json()), again)
    equal(again.headers.get("idempotency-replayed"), "true")


@test
def a_move_tells_the_small_form_that_it_asks_for():
    case = S.declare(61)
    moves = {move["transition"]: move for move in S.officer("verifier").get(f"/api/v1/cases/{case['id']}").json()["next"]}
    equal("form" in moves["verify"], False)
    equal(moves["reject"]["form"], {"objects": [], "rules": [], "fields": [{
        "path": "/grounds", "title": "form.grounds", "type": "text", "keep": "case", "required": True, "notice": False,
        "min_bytes": 1, "max_bytes": 2000}]})


@test
def a_change_says_what_it_changes():
    case = S.declare(4)
    verifier, where = S.officer("verifier"), f"/api/v1/cases/{case['id']}/verify"
    answer = verifier.post(where, {})
    equal((answer.status, answer.code), (428, "match_required"), answer)
    for wrong in ("*", "1", 'W/"1"', '"0"', '"-1"', '"x"', '"99999999999999999999"'):
        equal(verifier.post(where, {}, headers={"If-Match": wrong}).status, 412, wrong)
    equal(verifier.request("POST", where, body={}, headers={"If-Match": '"1"', "Idempotency-Key": ""}).status, 400)
    equal(verifier.post(where, {}, headers={"If-Match": '"1"'}).status, 200)


# ---- bodies

def raw_request(head, body=b"", wait=3):
    """Sends bytes as they are; what comes back until the server closes or is silent."""
    with socket.create_connection(("127.0.0.1", S.port), timeout=wait) as sock:
        sock.sendall(head + body)
        got = b""
        try:
            while b"\r\n\r\n" not in got:
                part = sock.recv(65536)
                if not part:
                    break
                got += part
        except TimeoutError:
            pass
        return got


@test
def a_body_that_is_too_large_is_refused_before_it_is_read():
    head = b"POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: a\r\nContent-Length: "
    for length in (b"65537", b"10737418240", b"9223372036854775807"):
        check(raw_request(head + length + b"\r\n\r\n").startswith(b"HTTP/1.1 413"), length)
    check(raw_request(head + b"10737418240\r\nExpect: 100-continue\r\n\r\n").startswith(b"HTTP/1.1 413"))
    for length in (b"9223372036854775808", b"99999999999999999999999", b"-1", b"+1", b"1, 1", b"0x10"):
        answer = raw_request(head + length + b"\r\n\r\n")
        check(re.match(rb"HTTP/1.1 4(00|13) ", answer), (length, answer))
    equal(Client(S.url).get("/healthz").status, 200)


@test
def a_body_that_is_not_json_is_refused():
    official = S.officer("official")
    good = json.dumps(case_for(5), ensure_ascii=False)

    def send(raw, kind="application/json"):
        return official.request("POST", "/api/v1/cases", raw=raw, key=str(uuid.uuid4()), headers={"Content-Type": kind})

    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        answer = send(good.encode(), kind)
        equal((answer.status, answer.code), (415, "media_type"), kind)
    depth = 3000
    for raw in (good.encode()[:-1], b"[]", b'"x"', b"null", b"", good.encode().replace(b'"km"', b'"k\xffm"', 1),
                good.encode().replace(b'"km"', b'"k\x00m"', 1), good.encode().replace(b'"km"', b'"k\\u0000m"', 1),
                good.encode().replace(b'"km"', b'"k\xed\xa0\x80m"', 1), good.encode().replace(b'"km"', b'"\\ud800"', 1),
                good.encode() + b"x", b'{"a":' * depth + b"1" + b"}" * depth, b"[" * 20000,
                good.encode().replace(b'"km"', b"123456789012345678901234567890", 1),
                good.encode().replace(b'"km"', b"9223372036854775808", 1), good.encode().replace(b'"km"', b"1e400", 1), b"\xef\xbb\xbf" + good.encode()):
        answer = send(raw)
        check(answer.status in (400, 422), (raw[:60], answer))
        check(answer.headers["content-type"] == "application/problem+json" and answer.code, answer)
    for wrong in (2**63 - 1, 1.5, True, None, [], {}, "x" * 60000):
        case = case_for(5)
        case["declaration"]["child"]["sex"] = wrong
        answer = official.declare(case)
        equal(answer.status, 422, (wrong if not isinstance(wrong, str) else "long", answer))
    equal(official.request("POST", "/api/v1/cases", raw=good.encode(), key=str(uuid.uuid4()),
                           headers={"Content-Type": "application/json; charset=utf-8"}).status, 201)


# ---- places

@test
def a_closed_place_is_refused_for_later_births_and_taken_for_earlier_ones():
    with data_folder() as data:
        change(data, ["UPDATE place SET valid_to = '2026-01-01' WHERE code = '04990104'"])
        s = Server(data).start()
        official = s.officer("official")

        def declare(born):
            case = new_case(COMMUNE, s.country.birth(1))
            case["declaration"]["child"]["birth"].update(date=born, place="04990104")
            return official.declare(case)
        refused = declare("2026-02-01")
        equal(refused.status, 422, refused)
        equal([(e["pointer"], e["code"]) for e in refused.json()["errors"]],
              [("/declaration/child/birth/place", "closed_place")])
        equal(declare("2025-12-31").status, 201)
        s.stop()


# ---- attachments

def on_a_server_of_its_own(function):
    """For what counts a family's requests: each address has a burst of them, and others have used it up."""
    def alone():
        global S
        shared = S
        with server() as S:
            function()
        S = shared
    alone.__name__ = function.__name__
    return alone


def begin(client, case, length, kind="proof_of_birth", secret=None):
    pairs = {"case": case["id"], "kind": kind}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
    return client.request("POST", "/api/v1/uploads", raw=b"", headers={
        **TUS, "Upload-Length": str(length), "Upload-Metadata": metadata, **({"Tracking-Secret": secret} if secret else {})})


def piece(client, where, offset, content, secret=None):
    return client.request("PATCH", where, raw=content, headers={
        **PIECES, "Upload-Offset": str(offset), **({"Tracking-Secret": secret} if secret else {})})


def stored(case, by="verifier"):
    """[(media type, content)] of a case's attachments."""
    client, where = S.officer(by), f"/api/v1/cases/{case['id']}"
    found = []
    for a in client.get(where).json()["attachments"]:
        answer = client.get(f"{where}/attachments/{a['id']}")
        equal(answer.status, 200, answer)
        equal(len(answer.body), a["length"])
        found.append((answer.headers["content-type"], answer.body))
    return found


GPS = b"Exif\0\0MM\0*\0\0\0\x08GPSLatitude 11.5564 GPSLongitude 104.9282"
PLAIN_JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 +
    "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0054ffd9")
COMMENT = b"\xff\xfe" + struct.pack(">H", 2 + 13) + b"taken at home"
JPEG = PLAIN_JPEG[:20] + b"\xff\xe1" + struct.pack(">H", 2 + len(GPS)) + GPS + COMMENT + PLAIN_JPEG[20:] + b"hidden behind the end"


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*more):
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + b"".join(more) +
            png_chunk(b"IDAT", zlib.compress(b"\0\x80")) + png_chunk(b"IEND", b""))


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@test
@on_a_server_of_its_own
def an_upload_goes_on_where_it_broke_off():
    case, family = S.declare(6), S.family()
    secret = case["tracking_secret"]
    content = PLAIN_JPEG
    where = begin(family, case, len(content), secret=secret).headers["location"]
    equal(piece(family, where, 0, content[:60], secret).headers["upload-offset"], "60")
    wrong = piece(family, where, 30, content[30:], secret)
    equal(wrong.status, 409, wrong)
    # The line breaks in the middle of a piece: what came of it counts, and HEAD says where to go on.
    with socket.create_connection(("127.0.0.1", S.port)) as sock:
        sock.sendall((f"PATCH {where} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 60\r\nTracking-Secret: "
                      f"{secret}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 100\r\n\r\n").encode()
                     + content[60:80])
    for _ in range(20):  # seldom, since each asking counts
        time.sleep(0.5)
        answer = family.request("HEAD", where, headers={**TUS, "Tracking-Secret": secret})
        if answer.status == 200 and answer.headers["upload-offset"] != "60":
            break
    equal((answer.status, answer.headers["upload-offset"], answer.headers["upload-length"]),
          (200, "80", str(len(content))))
    last = piece(family, where, 80, content[80:], secret)
    equal((last.status, last.headers["upload-offset"]), (204, str(len(content))))
    equal(stored(case), [("image/jpeg", content)])


@test
def what_a_photograph_says_of_where_it_was_taken_is_taken_out():
    case, official = S.declare(7), S.officer("official")
    text = png_chunk(b"tEXt", b"Author\0Somebody") + png_chunk(b"eXIf", GPS) + png_chunk(b"tIME", bytes(7))
    for content, kind in ((JPEG, "image/jpeg"), (png(text), "image/png"), (PDF, "application/pdf")):
        equal(official.upload(case["id"], "proof_of_birth", content, piece=64).status, 204, kind)
    found = dict(stored(case))
    equal(found["image/jpeg"], PLAIN_JPEG)
    equal(found["image/png"], png())
    equal(found["application/pdf"], PDF)


@test
def an_upload_says_its_version_and_its_case_has_to_be_open():
    case, official, verifier = S.declare(10), S.officer("official"), S.officer("verifier")
    where = begin(official, case, len(PDF)).headers["location"]
    for headers in ({}, {"Tus-Resumable": "0.2.2"}):
        answer = official.request("HEAD", where, headers=headers)
        equal((answer.status, answer.headers.get("tus-version")), (412, "1.0.0"))
    equal(piece(official, where, 0, PDF[:10]).status, 204)
    equal(verifier.move(case["id"], "reject", case["version"], {
        "reason": "not_the_event", "details": {"grounds": "No such birth took place."}}).status, 200)
    equal(piece(official, where, 10, PDF[10:]).status, 409)


@test
def an_absent_case_is_answered_like_another_familys():
    case, family = S.declare(11), S.family()
    absent = {**case, "id": str(uuid.uuid4())}
    wrong = "w" * 32
    for ask in (lambda c, secret: begin(family, c, 10, secret=secret),
                lambda c, secret: family.move(c["id"], "withdraw", 1, headers={"Tracking-Secret": secret} if secret else {})):
        equal(ask(case, None).status, 401)
        equal(ask(absent, None).body, ask(case, None).body)
        equal(ask(case, wrong).status, 404)
        equal(ask(absent, wrong).body, ask(case, wrong).body)


@test
@on_a_server_of_its_own
def one_address_and_one_case_have_their_share_of_uploads():
    case, another, official = S.declare(12), S.declare(13), S.officer("official")
    family, secret = S.family(), case["tracking_secret"]
    begun = [begin(family, case, 10, secret=secret) for _ in range(8)]
    equal({b.status for b in begun}, {201})
    for b in begun:  # asking how far they are does not keep them
        equal(family.request("HEAD", b.headers["location"], headers={**TUS, "Tracking-Secret": secret}).status, 200)
    equal(begin(family, another, 10, secret=another["tracking_secret"]).status, 429)
    equal(begin(official, another, 10).status, 201)  # staff have places of their own
    for b in begun:
        equal(family.request("DELETE", b.headers["location"], headers={**TUS, "Tracking-Secret": secret}).status, 204)
    for n in range(20):
        equal(official.upload(case["id"], "proof_of_birth", PDF).status, 204, n)
    equal(begin(official, case, 10).status, 413)


@test
@on_a_server_of_its_own
def lost_answers_keep_nobody_from_sending_a_file():
    case, official = S.declare(14), S.officer("official")
    whole, some = 5 * 1024 * 1024, begin(official, case, len(PDF)).headers["location"]
    equal(piece(official, some, 0, PDF[:10]).status, 204)
    # Only the client that heard the answer knows where its upload is: twelve were lost, and would have taken 60 MB.
    lost = [begin(official, case, whole) for _ in range(12)]
    equal([b.status for b in lost], [201] * 12)
    equal(official.upload(case["id"], "proof_of_birth", PDF).status, 204)
    # Whoever heard it after all begins again; what has begun to come stays.
    equal(piece(official, lost[0].headers["location"], 0, PDF[:10]).status, 404)
    equal(piece(official, some, 10, PDF[10:]).status, 204)
    equal(len(stored(case)), 2)
    # The same where a family has them, for whom its address counts as well.
    family, secret = S.family(), case["tracking_secret"]
    equal([begin(family, case, 10, secret=secret).status for _ in range(9)], [201] * 9)
    # What comes is not thrown out: a case has room for eight at once.
    begun = [begin(official, case, 10).headers["location"] for _ in range(8)]
    equal([piece(official, b, 0, b"%PDF-").status for b in begun], [204] * 8)
    equal(begin(official, case, 10).status, 429)


@test
def a_certificate_is_issued_once_for_a_key():
    case, registrar = S.register(60), S.officer("registrar")
    S.receipt(case["act_id"])
    path = f"/api/v1/acts/{case['act_id']}/certificate.pdf"
    equal(registrar.request("HEAD", path).status, 405)
    first, again = (registrar.get(path, headers={"Idempotency-Key": "one"}) for _ in range(2))
    equal((first.status, again.status), (200, 200), again)
    equal(again.headers["content-disposition"], first.headers["content-disposition"])
    equal(again.headers.get("idempotency-replayed"), "true")
    other = registrar.get(path, headers={"Idempotency-Key": "two"})
    equal(other.status, 200)
    check(other.headers["content-disposition"] != first.headers["content-disposition"])
    check(registrar.get(path).headers["content-disposition"] != first.headers["content-disposition"])


@test
def a_code_is_one_document_however_it_is_spelt():
    case, official = S.register(62), S.officer("official")
    S.receipt(case["act_id"])
    # As people read it: O for 0, I and L for 1; a code with one of these is needed.
    path = f"/api/v1/acts/{case['act_id']}/claim-codes"
    code = next(c for c in (official.post(path, {}).json()["code"] for _ in range(200)) if "0" in c and "1" in c)
    spelt = [code, code.lower().replace("-", " "), code.replace("0", "O").replace("1", "l"), code.replace("1", "I")]
    answers = [S.family().post("/api/v1/claims", {"code": c}) for c in spelt]
    equal([a.status for a in answers], [200] * 4, answers)
    equal(len({a.headers["content-disposition"] for a in answers}), 1)
    equal([a.headers.get("idempotency-replayed") for a in answers], [None, "true", "true", "true"])


@test
def strangers_send_nothing_large_and_pages_may_do_nothing():
    answer = S.family().request("PATCH", f"/api/v1/uploads/{uuid.uuid4()}", raw=bytes(70000), headers={
        **PIECES, "Upload-Offset": "0"})
    equal(answer.status, 401)
    page = S.family().get("/docs").headers
    equal(page["x-content-type-options"], "nosniff")
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
        check(rule in page["content-security-policy"], page)
    case = S.declare(61)
    equal(S.officer("verifier").get(f"/api/v1/cases/{case['id']}").headers["cache-control"], "no-store")


@test
def an_unknown_member_is_pointed_at():
    for name, pointer in (("a/b~c", "/a~1b~0c"), ("ក" * 30, "/" + "ក" * 20)):
        answer = S.family().post("/api/v1/tracking", {"code": "x", "secret": "y", name: 1})
        check(pointer in [e["pointer"] for e in answer.json()["errors"]], answer)


@test
def the_code_on_a_slip_finds_its_case_at_the_office_and_nowhere_else():
    case, theirs = S.declare(10), S.declare(11, by="official2", office=S.country.neighbour)

    def found(who, code):
        answer = S.officer(who).get("/api/v1/cases?" + urllib.parse.urlencode({"code": code}))
        equal(answer.status, 200, answer)
        return [(c["id"], c["state"]) for c in answer.json()["cases"]]

    for who in "official", "registrar", "verifier":
        equal(found(who, case["tracking_code"]), [(case["id"], "declared")])
    equal(found("official", case["tracking_code"].lower().replace("-", "")), [(case["id"], "declared")])
    for who, code in (("official2", case["tracking_code"]), ("registrar", theirs["tracking_code"]), ("official", "0000-0000-00"),
                      ("official", "no code")):
        equal(found(who, code), [])
    # The state in which it ended is told as well: a family asks where its case is, not whether there is work left.
    equal(S.officer("verifier").move(case["id"], "reject", 1, {"reason": "duplicate", "details": {"grounds": "It is there."}}).status, 200)
    equal(found("official", case["tracking_code"]), [(case["id"], "rejected")])
    equal(S.family().get("/api/v1/cases?code=" + case["tracking_code"]).status, 401)


@test
def whoever_names_the_wrong_office_is_told_where_to_look():
    notice = {"child": case_for(9)["declaration"]["child"], "mother": case_for(9)["declaration"]["mother"],
              "notice": {"visit_consent": True}}
    clerk, official = S.officer("clerk"), S.officer("official")
    # Of a notice no more is asked, whatever the office: its mistake is the only one.
    for office, code, says in ((None, "required", "/api/v1/offices"), (S.country.hospital[0], "office_keeps_none", S.country.office + " does"),
                               (S.country.office + "/H999", "office_unknown", "/api/v1/offices")):
        case = {k: v for k, v in {**case_for(9), "office": office, "declaration": notice}.items() if v}
        answer = clerk.declare(case)
        equal((answer.status, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]), (422, [("/office", code)]), answer)
        check(says in answer.json()["detail"], answer)
    for officer, declaration in ((clerk, notice), (official, case_for(9)["declaration"])):
        answer = officer.declare({**case_for(9), "office": S.country.neighbour, "declaration": declaration})
        equal((answer.status, answer.code), (403, "other_office"), answer)
        check("forward" in answer.json()["title"] and "your office is" in answer.json()["detail"], answer)
    # Who never declares is not told to do it elsewhere.
    equal(S.officer("auditor").declare(case_for(9)).code, "forbidden")


@test
def an_upload_that_may_not_be_is_refused():
    case, official = S.declare(8), S.officer("official")
    for length, status in ((5 << 20, 201), ((5 << 20) + 1, 413), (0, 422)):
        equal(begin(official, case, length).status, status, length)
    where = begin(official, case, 10).headers["location"]
    equal(piece(official, where, 0, b"x" * 11).status, 413)
    equal(official.request("HEAD", where, headers=TUS).headers["upload-offset"], "0")
    for content in (b"<html><script>x</script>", b"\x7fELF" + bytes(60), b"GIF89a" + bytes(60), PLAIN_JPEG[:40], png()[:50]):
        answer = official.upload(case["id"], "proof_of_birth", content)
        equal((answer.status, answer.code), (415, "attachment_type"), content[:10])
        check("JPEG" in answer.json()["title"] and "PDF" in answer.json()["title"], answer)
    # Others neither add to the case, nor go on with the upload, nor read what was stored.
    where = begin(official, case, len(PDF)).headers["location"]
    equal(piece(S.officer("official2"), where, 0, PDF).status, 404)
    equal(piece(S.family(), where, 0, PDF).status, 401)
    equal(piece(S.family(), where, 0, PDF, "A" * 32).status, 404)
    equal(begin(S.officer("official2"), case, 10).status, 404)
    equal(piece(official, where, 0, PDF).status, 204)
    attachment = S.officer("verifier").get(f"/api/v1/cases/{case['id']}").json()["attachments"][0]["id"]
    path = f"/api/v1/cases/{case['id']}/attachments/{attachment}"
    equal(S.officer("official2").get(path).status, 404)
    equal(S.officer("registrar2").get(path).status, 404)
    equal(S.officer("auditor").get(path).status, 403)
    equal(S.family().get(path).status, 401)
    another = S.declare(9)
    equal(S.officer("verifier").get(f"/api/v1/cases/{another['id']}/attachments/{attachment}").status, 404)
    equal(S.officer("verifier").get(path).body, PDF)


# ---- what the paper carries

def cbor(data, at=0):
    """(value, end): a reader of its own, as small as CBOR allows."""
    first, kind = data[at], data[at] >> 5
    low, at = first & 31, at + 1
    if low < 24:
        n = low
    else:
        size = 1 << (low - 24)
        n, at = int.from_bytes(data[at:at + size], "big"), at + size
    if kind == 0:
        return n, at
    if kind == 1:
        return -1 - n, at
    if kind in (2, 3):
        return (data[at:at + n] if kind == 2 else data[at:at + n].decode()), at + n
    if kind == 4:
        out = []
        for _ in range(n):
            value, at = cbor(data, at)
            out.append(value)
        return out, at
    if kind == 5:
        out = {}
        for _ in range(n):
            key, at = cbor(data, at)
            out[key], at = cbor(data, at)
        return out, at
    if kind == 6:
        return cbor(data, at)
    return {20: False, 21: True, 22: None}[low], at


def unbase45(text):
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    out = bytearray()
    for i in range(0, len(text), 3):
        digits = [letters.index(c) for c in text[i:i + 3]]
        out += sum(d * 45 ** n for n, d in enumerate(digits)).to_bytes(len(digits) - 1, "big")
    return bytes(out)


def dictionary():
    """The preset dictionary as docs/formats/qr.md tells whoever writes a checker: ranges of letters, then bytes in hex."""
    with open(os.path.join(ROOT, "docs", "formats", "qr.md"), encoding="utf-8") as f:
        told = re.search(r"^## The dictionary$(.*?)^## ", f.read(), re.M | re.S)[1]
    ranges = [(int(first, 16), int(last, 16)) for first, last in re.findall(r"U\+([0-9A-F]{4})–U\+([0-9A-F]{4})", told)]
    letters = "".join(chr(c) for first, last in ranges for c in range(first, last + 1)).encode()
    whole = letters + bytes.fromhex("".join(re.findall(r"^    ([0-9a-f]+)$", told, re.M)))
    equal(hashlib.sha256(whole).hexdigest(), re.search(r"SHA-256 `([0-9a-f]{64})`", told)[1])
    return whole


def unpack(qr):
    """The COSE_Sign1 in a code's text."""
    return zlib.decompressobj(zdict=dictionary()).decompress(unbase45(qr[5:]))


def certificate(case):
    S.receipt(case["act_id"])
    answer = S.officer("registrar").get(f"/api/v1/acts/{case['act_id']}/certificate.pdf")
    equal(answer.status, 200, answer)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "c.pdf")
        with open(path, "wb") as f:
            f.write(answer.body)
        subprocess.run(["pdfdetach", "-saveall", "-o", folder, path], check=True, capture_output=True)
        with open(os.path.join(folder, "qr.txt"), encoding="ascii") as f:
            qr = f.read()
        subprocess.run(["pdftoppm", "-r", "200", "-png", path, os.path.join(folder, "page")], check=True)
        read = subprocess.run(["zbarimg", "-q", "--raw", os.path.join(folder, "page-1.png")], capture_output=True, text=True,
                              check=False)
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    equal(read.stdout.rstrip("\n"), qr, "the printed code is not the attached one")
    return answer.body, qr, text


@test
def the_code_holds_the_extract_and_neither_parents_nor_number():
    case = S.register(12)
    _, qr, _ = certificate(case)
    check(len(qr) <= 400, len(qr))
    check(re.fullmatch(r"CIV1:[0-9A-Z $%*+./:-]+", qr), qr)
    packed = unpack(qr)
    (_, _, payload, signature), end = cbor(packed)
    equal(end, len(packed))
    equal(len(signature), 64)
    claims, _ = cbor(payload)
    extract, child = claims[-70001], case["declaration"]["child"]
    check(set(claims) == {1, 6, 7, 65535, -70001} and set(extract) <= set(range(1, 9)), claims)
    equal((extract[3], extract[4], extract[5]), (child["name"]["native"], child["name"]["latin"], child["sex"][0]))
    for who in ("mother", "father"):
        for script in ("native", "latin"):
            check(case["declaration"][who]["name"][script].encode() not in packed, who)
    number = int(case["personal_number"])
    check(case["personal_number"].encode() not in packed and number.to_bytes(5, "big") not in packed)
    # Its place in the published list says: valid.
    place = claims[65535]["status_list"]
    listed = S.family().get("/status/0", headers={"Accept": "application/statuslist+cwt"})
    equal((listed.status, listed.headers["content-type"]), (200, "application/statuslist+cwt"))
    said, _ = cbor(cbor(listed.body)[0][2])
    equal(said[2], place["uri"])
    check(said[4] > said[6] and said[65533]["bits"] == 2, said)
    bits = zlib.decompress(said[65533]["lst"])
    equal(len(bits) * 4, 65536)
    equal(bits[place["idx"] // 4] >> (place["idx"] % 4 * 2) & 3, 0)
    equal(S.family().get("/status/77").status, 404)


@test
def a_reprint_says_copy_and_has_a_serial_of_its_own():
    case = S.register(14)
    (_, first_qr, first), (_, second_qr, second), (_, _, third) = (certificate(case) for _ in range(3))
    check("COPY" not in first and "COPY No. 2" in second and "COPY No. 3" in third, (second, third))
    serial = r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b"
    equal(len({re.search(serial, text)[0] for text in (first, second, third)}), 3)
    one, two = (cbor(cbor(unpack(qr))[0][2])[0] for qr in (first_qr, second_qr))
    check(one[7] != two[7] and one[65535] != two[65535], (one, two))
    equal(one[-70001], two[-70001])


@test
def copies_asked_for_at_once_are_numbered_one_after_another():
    act, answers = S.register(15)["act_id"], []
    equal(S.receipt(act).status, 200)
    clients = [S.officer("registrar") for _ in range(3)]
    asked = [threading.Thread(target=lambda c=c: answers.append(c.get(f"/api/v1/acts/{act}/certificate.pdf"))) for c in clients]
    for t in asked:
        t.start()
    for t in asked:
        t.join()
    equal([a.status for a in answers], [200] * 3, answers)
    texts = [subprocess.run(["pdftotext", "-", "-"], input=a.body, capture_output=True, check=True).stdout.decode() for a in answers]
    shown = sorted(re.findall(r"COPY No. \d", text) for text in texts)
    equal(shown, [[], ["COPY No. 2"], ["COPY No. 3"]])


# ---- what is counted, and the pages

@test
def a_watcher_learns_how_the_machine_does_and_not_what_is_done():
    def told():
        return dict(line.rsplit(" ", 1) for line in S.family().get("/metrics").body.decode().splitlines() if line[0] != "#")
    case, official = S.declare(70), S.officer("official")
    for _ in range(25):
        equal(official.get(f"/api/v1/cases/{case['id']}").status, 200)
    before = told()
    S.register(71)
    equal(S.family().get(f"/api/v1/cases/{case['id']}").status, 401)
    after = told()
    route = 'method="GET",route="/api/v1/cases/{id}"'
    for share in "0.5", "0.95":
        check(float(after[f'civis_http_route_seconds{{{route},quantile="{share}"}}']) > 0, after)
    check(case["id"] not in "".join(after))
    check(int(after["civis_http_seconds_count"]) >= int(before["civis_http_seconds_count"]) + 4)
    # A declaration and a registration among them show in nothing but the work of the machine, and in the public log.
    whole = ("civis_http_requests_total", "civis_http_answers_total", "civis_http_seconds", "civis_store_commit", "civis_log_size", "civis_log_head_age")
    grown = {name for name in after if float(after[name]) > float(before.get(name, 0)) and "_route_seconds" not in name}
    equal({name for name in grown if not name.startswith(whole)} - {"civis_http_connections", "civis_matcher_behind"}, set())
    check(not [name for name in after if "route=" in name and name.startswith(("civis_http_route_answers", "civis_http_route_seconds_"))])
    for role in ("gate", "vault", "matcher"):
        check(f'civis_child_restarts_total{{role="{role}"}}' in after, role)


@test
def a_page_allows_its_own_style_sheet_and_nothing_else():
    page = S.family().get("/docs")
    style = re.findall(r"<style>(.*?)</style>", page.body.decode(), re.S)
    equal(len(style), 1)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    equal(page.headers["content-security-policy"],
          f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    check("style=" not in page.body.decode() and "<script" not in page.body.decode())
    named, linked = (set(re.findall(rf'{what}="#?([^"/]+)"', page.body.decode())) for what in ("id", "href"))
    check(linked and linked <= named, linked - named)


@test
def what_is_allowed_is_what_is_served():
    for path, allowed in (("/healthz", "GET, HEAD"), ("/api/v1/people/" + str(uuid.uuid4()), "GET"),
                          ("/api/v1/sessions/current", "GET, HEAD, DELETE")):
        answer = S.family().request("PATCH", path)
        equal((answer.status, answer.headers["allow"]), (405, allowed), path)
        equal(S.family().request("HEAD", path).status == 405, "HEAD" not in allowed, path)


# ---- the log

@test
def a_log_without_acts_says_so_and_has_a_checkpoint_after_the_first():
    with data_folder() as data:
        s = Server(data).start()
        answer = s.family().get("/log/checkpoint")
        equal((answer.status, answer.code), (404, "log_empty"), answer)
        civis("check", "--data", data, status=0)
        s.receipt(s.register(1)["act_id"])
        equal(s.family().get("/log/checkpoint").body.decode().split("\n")[1], "1")
        civis("log", "verify", s.url)
        s.stop()


@test
def a_pack_that_only_root_can_reach_still_brings_its_places():
    with tempfile.TemporaryDirectory() as private:  # mode 700: the gate's user cannot walk into it
        pack, data = os.path.join(private, "khm"), tempfile.mkdtemp(prefix="civis-data-")
        try:
            shutil.copytree(os.path.join(ROOT, "country", "khm"), pack)
            done = civis("init", "--country", "khm", "--data", os.path.join(data, "d"), "--pack", pack)
            check("25 places and 25 offices" in done.stdout, done.stdout)
        finally:
            shutil.rmtree(data)


@test
def an_office_stands_below_one_that_is_there():
    with data_folder() as data:
        arguments = ["--data", data, "--kind", "hospital", "--name-native", "ក", "--name-latin", "A"]
        check("khm/99" in civis("office", "add", *arguments, "--scope", "khm/99/1", status=2).stderr)
        civis("office", "add", *arguments, "--scope", "foo", status=2)
        civis("office", "add", *arguments, "--scope", "khm/04/H9")


def main():
    global S
    with server() as S:
        run_tests(only=sys.argv[1:])


main()
