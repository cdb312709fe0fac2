# SPDX-License-Identifier: MPL-2.0
"""Parcels: what an officer finished without a network, sealed to the vault and sent later."""
import base64
import datetime
import json
import os
import signal
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import stored  # noqa: E402
from harness import (COMMUNE, PASSPHRASE, Client, Server, check, civis, data_folder, equal, eventually, new_case,  # noqa: E402
                     run_tests, server, test)
from civis_client import PHOTOGRAPH  # noqa: E402
from parcel import have_back, request_inside, seal, send, send_request  # noqa: E402

TUS = {"Tus-Resumable": "1.0.0"}
PIECES = {**TUS, "Content-Type": "application/offset+octet-stream"}
S = None  # the server


def key():
    return S.family().get("/api/v1/parcel-key").json()


def case_for(seed, **change):
    case = new_case(COMMUNE, S.country.birth(seed))
    case.update(change)
    return case


@test
def what_was_finished_offline_is_declared_once():
    official = S.officer("official")
    case = case_for(1)
    parcel = seal(request_inside("/api/v1/cases", case, key="made-offline-1"), key())
    check(case["declaration"]["mother"]["name"]["latin"].encode() not in parcel)
    made = send(official, parcel)
    equal((made.status, made.headers["etag"]), (201, '"1"'), made)
    again = send(official, parcel)
    equal((again.status, again.headers["idempotency-replayed"]), (201, "true"), again)
    equal({**again.json(), "warnings": []}, {**made.json(), "warnings": []})
    opened = official.get(f"/api/v1/cases/{case['id']}").json()
    equal(opened["declaration"]["mother"]["name"], case["declaration"]["mother"]["name"])
    equal(len([c for c in official.get("/api/v1/cases").json()["cases"] if c["id"] == case["id"]]), 1)


@test
def a_request_sent_in_clear_and_in_a_parcel_is_one():
    official, case = S.officer("official"), case_for(2)
    compact = json.dumps(case, ensure_ascii=False, separators=(",", ":")).encode()
    made = official.request("POST", "/api/v1/cases", raw=compact, key="broken-off-2",
                            headers={"Content-Type": "application/json"})
    equal(made.status, 201, made)
    again = send_request(official, "/api/v1/cases", case, key="broken-off-2")
    equal((again.status, again.headers.get("idempotency-replayed")), (201, "true"), again)
    other = send_request(official, "/api/v1/cases", case_for(3), key="broken-off-2")
    equal((other.status, other.code), (422, "request_id_reused"), other)


@test
def a_case_is_moved_in_a_parcel_and_an_old_version_refused_in_it():
    verifier, case = S.officer("verifier"), S.declare(4)
    path = f"/api/v1/cases/{case['id']}/verify"
    equal(send_request(verifier, path, {}).code, "match_required")
    moved = send_request(verifier, path, {}, match=1)
    equal((moved.status, moved.headers["etag"]), (200, '"2"'), moved)
    history = verifier.get(f"/api/v1/cases/{case['id']}").json()["history"]
    equal([(step["transition"], step.get("finished", {}).get("at")) for step in history],
          [("create", None), ("verify", "2026-11-20T02:11:00.000Z")])
    late = send_request(verifier, path, {}, match=1)
    equal((late.status, late.code), (412, "changed_meanwhile"), late)


@test
def inside_a_parcel_the_same_is_wrong_as_outside():
    official, clerk = S.officer("official"), S.officer("clerk")
    case = case_for(5)
    del case["declaration"]["child"]["sex"]
    for client, sent in ((official, case), (clerk, case_for(6, office=S.country.neighbour)), (official, {})):
        alone, packed = client.declare(sent), send_request(client, "/api/v1/cases", sent)
        equal((packed.status, packed.json()), (alone.status, alone.json()))
        check(packed.status in (403, 404, 422), packed)
    case = S.declare(7)
    for client, transition in ((clerk, "verify"), (official, "register"), (official, "no_such_move")):
        alone = client.move(case["id"], transition, 1)
        packed = send_request(client, f"/api/v1/cases/{case['id']}/{transition}", {}, match=1)
        equal((packed.status, packed.json()), (alone.status, alone.json()))
        check(packed.status >= 400, packed)
    equal(send_request(official, "/api/v1/cases", case_for(8), key="").code, "bad_request")
    equal(send_request(official, "/api/v1/cases", case_for(8), key="x\r\nIf-Match: 1").code, "bad_request")
    big = case_for(8)
    big["declaration"]["more"] = "x" * (64 * 1024)
    equal([official.declare(big).status, send_request(official, "/api/v1/cases", big).status], [413, 413])


@test
def lateness_counts_to_the_day_on_which_a_parcel_was_finished():
    official = S.officer("official")

    def band(seed, born, finished):
        now, case = datetime.datetime.now(datetime.timezone.utc), case_for(seed)
        case["declaration"]["child"]["birth"]["date"] = (now - datetime.timedelta(days=born)).strftime("%Y-%m-%d")
        made_at = (now - datetime.timedelta(days=finished)).strftime("%Y-%m-%dT%H:%M:%SZ")
        equal(send_request(official, "/api/v1/cases", case, made_at=made_at).status, 201)
        path = f"/api/v1/cases/{case['id']}"
        opened = official.get(path).json()
        # Amended when the network is back, it is no later.
        amended = official.post(path + "/amend", {"declaration": opened["declaration"]}, headers={"If-Match": '"1"'})
        equal(amended.status, 200, amended)
        equal(official.get(path).json()["band"], opened["band"])
        return opened["band"]["name"]
    equal(band(31, 40, 15), "on_time")
    equal(band(32, 40, 0), "late")
    equal(band(33, 40, -5), "late")     # a device's clock that runs ahead
    equal(band(34, 100, 75), "late")    # and one that says what no parcel waits for
    equal(band(35, 80, 55), "on_time")


@test
def whoever_sends_is_who_acts():
    case = case_for(9)
    maker = S.officer("official").get("/api/v1/sessions/current").json()["staff"]["id"]
    parcel = seal(request_inside("/api/v1/cases", case, staff=maker, made_at="2026-11-20T02:11:00.5Z"), key())
    made = send(S.officer("registrar"), parcel)
    equal(made.status, 201, made)
    # The device's owner sends it as well, later: the case is there.
    again = send(S.officer("official"), parcel)
    equal((again.status, again.code), (409, "conflict"), again)
    history = S.officer("official").get(f"/api/v1/cases/{case['id']}").json()["history"]
    registrar = S.officer("registrar").get("/api/v1/sessions/current").json()["staff"]["id"]
    equal([(step["staff"], step["finished"]) for step in history],
          [(registrar, {"at": "2026-11-20T02:11:00.500Z", "staff": maker})])


@test
def nothing_else_may_be_inside():
    official = S.officer("official")
    for path in ("/api/v1/sessions", "/api/v1/parcels", "/api/v1/uploads", "/api/v1/tracking", "/api/v1/claims",
                 "/api/v1/acts/" + str(uuid.uuid4()) + "/claim-codes", "/nowhere", "", "api/v1/cases", "xapi/v1/cases",
                 "/api/v1/cases/", "/api/v1/cases?x=1", "//api/v1/cases", "/" + "c" * 3000):
        refused = send_request(official, path, case_for(10))
        equal((refused.status, refused.code), (422, "invalid"), (path, refused))
        equal(refused.json()["errors"][0]["pointer"], "/request/path")
    for method in ("GET", "DELETE", "PATCH", "post", ""):
        equal(send_request(official, "/api/v1/cases", case_for(10), method=method).code, "invalid", method)
    # A parcel within a parcel.
    inner = base64.b64encode(seal(request_inside("/api/v1/cases", case_for(10)), key())).decode()
    equal(send_request(official, "/api/v1/parcels", {"parcel": inner}).code, "invalid")
    for plain in (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"made_at":1}', request_inside("/api/v1/cases", [])[:-1],
                  request_inside("/api/v1/cases", "text"), request_inside("/api/v1/cases", {}, match="1"),
                  request_inside("/api/v1/cases", {}, match=-1), request_inside("/api/v1/cases", {}, match=0),
                  request_inside("/api/v1/cases", {}, staff="nobody"), request_inside("/api/v1/cases", {}, more=1),
                  request_inside("/api/v1/cases", {}, made_at=5), request_inside("/api/v1/cases", {}, made_at="yesterday"),
                  request_inside("/api/v1/cases", {}).replace(b'"method"', b'"method": "POST", "method"')):
        refused = send(official, seal(plain, key()) if plain else b"")
        equal((refused.status, refused.code), (422, "parcel_unreadable"), (plain, refused))


@test
def what_is_spoilt_or_somebody_elses_is_not_opened():
    official, case = S.officer("official"), case_for(11)
    plain, to = request_inside("/api/v1/cases", case), key()
    parcel = bytearray(seal(plain, to))
    for at in (89, len(parcel) // 2, len(parcel) - 1):
        parcel[at] ^= 1
        equal(send(official, bytes(parcel)).code, "parcel_not_opened", at)
        parcel[at] ^= 1
    for at in (0, 4, 5, 8, 23, 24):
        parcel[at] ^= 0x55
        equal(send(official, bytes(parcel)).code, "parcel_unreadable", at)
        parcel[at] ^= 0x55
    for wrong in (bytes(parcel[:-1]), bytes(parcel) + b"x", bytes(parcel[:88]), b""):
        equal(send(official, wrong).code, "parcel_unreadable")
    equal(send(official, seal(plain, {**to, "deployment": str(uuid.uuid4())})).code, "parcel_not_opened")
    equal(send(official, seal(plain, {**to, "kid": "0011223344556677"})).code, "parcel_key_unknown")
    equal(send(official, seal(plain, to, "file")).code, "parcel_unreadable")
    with server() as elsewhere:
        stranger = elsewhere.officer("official")
        equal(send(stranger, bytes(parcel)).code, "parcel_key_unknown")
    equal(official.request("POST", "/api/v1/parcels", raw=bytes(parcel), headers={"Content-Type": "application/json"}).status, 415)
    equal(send(official, bytes(160 * 1024 + 1)).status, 413)
    equal(send(official, bytes(160 * 1024)).code, "parcel_unreadable")
    equal(official.get(f"/api/v1/cases/{case['id']}").status, 404)
    equal(send(official, bytes(parcel)).status, 201)


@test
def only_who_works_on_cases_sends_parcels():
    parcel = seal(request_inside("/api/v1/cases", case_for(12)), key())
    equal(send(S.family(), parcel).status, 401)
    for name in ("admin", "auditor"):
        equal(send(S.officer(name), parcel).status, 403, name)
    ended = Client(S.url)
    equal(ended.sign_in("clerk2", PASSPHRASE).status, 201)
    token, ended.token = ended.token, "x" + ended.token
    equal(send(ended, parcel).status, 401)
    ended.token = token
    equal(ended.request("DELETE", "/api/v1/sessions/current").status, 204)
    equal(send(ended, parcel).status, 401)
    equal(send(S.officer("official"), parcel).status, 201)


def staff_of(client):
    return client.get("/api/v1/sessions/current").json()["staff"]["id"]


@test
def what_is_refused_is_given_back_to_who_finished_it():
    official, registrar, verifier = S.officer("official"), S.officer("registrar"), S.officer("verifier")
    me, case = staff_of(official), case_for(16)
    del case["declaration"]["child"]["sex"]
    parcel = seal(request_inside("/api/v1/cases", case, staff=me), key())
    refused = send(official, parcel)
    equal(refused.code, "invalid", refused)
    back = have_back(official, parcel)
    equal((back.status, back.json()), (200, {
        "made_at": "2026-11-20T02:11:00.000Z", "request": {"path": "/api/v1/cases", "match": None, "body": case},
        "problem": refused.json()}))
    check("etag" not in back.headers and back.headers["content-type"] == "application/json", back.headers)
    # To nobody else: not the office's registrar, nor whoever got hold of it.
    for other in (registrar, verifier, S.officer("clerk")):
        equal((have_back(other, parcel).status, have_back(other, parcel).code), (403, "parcel_of_another"))
    equal(have_back(S.officer("admin"), parcel).status, 403)
    equal(have_back(S.family(), parcel).status, 401)
    equal(have_back(official, parcel[:-1]).code, "parcel_unreadable")
    equal(have_back(official, seal(request_inside("/api/v1/sessions", {}, staff=me), key())).code, "invalid")
    equal(official.request("POST", "/api/v1/parcels/opened", raw=parcel, headers={"Content-Type": "application/json"}).status, 415)
    # A move on what has gone on meanwhile.
    declared = S.declare(17)
    path, body = f"/api/v1/cases/{declared['id']}/amend", {"declaration": declared["declaration"]}
    late = seal(request_inside(path, body, match=7, staff=me), key())
    back = have_back(official, late).json()
    equal((back["request"], back["problem"]["code"]), ({"path": path, "match": 7, "body": body}, "changed_meanwhile"))


@test
def what_is_taken_is_not_given_back():
    official = S.officer("official")
    case = case_for(18)
    parcel = seal(request_inside("/api/v1/cases", case, staff=staff_of(official)), key())
    # Nothing is known of it yet: it is sent once more, and arrives.
    for _ in range(2):
        taken = have_back(official, parcel)
        equal((taken.status, taken.code), (409, "parcel_taken"), taken)
        check("etag" not in taken.headers and "idempotency-replayed" not in taken.headers, taken.headers)
    equal(send(official, parcel).headers["idempotency-replayed"], "true")
    equal(official.get(f"/api/v1/cases/{case['id']}").json()["version"], 1)


@test
def a_parcel_is_sent_again_until_the_vault_is_back():
    with data_folder() as data:
        s = Server(data).start()
        official, to = s.officer("official"), s.family().get("/api/v1/parcel-key").json()
        case = new_case(COMMUNE, s.country.birth(13))
        parcel = seal(request_inside("/api/v1/cases", case), to)
        os.kill(s.children()["vault"], signal.SIGKILL)
        check(eventually(lambda: send(official, parcel).status == 201))
        equal(send(official, parcel).headers["idempotency-replayed"], "true")
        s.stop()
        # After a restart the key is the same, and what was made opens and is known.
        s.start()
        equal(s.family().get("/api/v1/parcel-key").json(), to)
        equal(send(s.officer("official"), parcel).headers["idempotency-replayed"], "true")
        s.stop()
        exported = json.loads(civis("trust", "export", "--data", data).stdout)
        (known,) = [k for k in exported["keys"] if k["use"] == "parcel"]
        equal(known["id"], to["kid"])
        equal(base64.b64decode(known["public"]), base64.urlsafe_b64decode(to["key"] + "="))


@test
def a_vault_from_before_parcels_gets_its_key_at_its_start():
    with data_folder() as data:
        stored.change(data, ["DELETE FROM signing_key WHERE use = 8"], room="vault")
        s = Server(data).start()
        to = s.family().get("/api/v1/parcel-key").json()
        equal(send_request(s.officer("official"), "/api/v1/cases", new_case(COMMUNE, s.country.birth(14))).status, 201)
        s.stop()
        s.start()
        equal(s.family().get("/api/v1/parcel-key").json()["kid"], to["kid"])
        s.stop()


@test
def a_days_parcels_are_counted():
    with data_folder() as data:
        s = Server(data).start()
        official2 = s.officer("official2")
        case = new_case(s.country.neighbour, s.country.birth(15))
        equal(send_request(official2, "/api/v1/cases", case).status, 201)
        s.stop()
        stored.change(data, ["UPDATE quota SET n = 999 WHERE purpose = 12"], room="vault")
        s.start()
        official2 = s.officer("official2")
        spoilt = bytearray(seal(request_inside("/api/v1/cases", case), s.family().get("/api/v1/parcel-key").json()))
        spoilt[-1] ^= 1
        equal(send(official2, bytes(spoilt)).code, "parcel_not_opened")
        refused = send_request(official2, "/api/v1/cases", case)
        equal((refused.status, refused.code), (429, "quota_reached"), refused)
        s.stop()


# ---- files

def b64(text):
    return base64.b64encode(text.encode()).decode()


def begin_upload(client, case_id, content, more=",sealed"):
    return client.request("POST", "/api/v1/uploads", raw=b"", headers={
        **TUS, "Upload-Length": str(len(content)),
        "Upload-Metadata": f"case {b64(case_id)},kind {b64('proof_of_birth')}{more}"})


def upload(client, case_id, content, piece=None, more=",sealed"):
    """Begins an upload of a parcel with a file, and sends it; the last answer."""
    made = begin_upload(client, case_id, content, more)
    return send_pieces(client, made.headers["location"], content, piece) if made.status == 201 else made


def send_pieces(client, where, content, piece=None, offset=0):
    while True:
        part = content[offset:offset + (piece or len(content))]
        answer = client.request("PATCH", where, raw=part, headers={**PIECES, "Upload-Offset": str(offset)})
        offset += len(part)
        if answer.status != 204 or offset == len(content):
            return answer


def attachments(case, by="official"):
    return S.officer(by).get(f"/api/v1/cases/{case['id']}").json()["attachments"]


@test
def a_file_comes_sealed_and_is_kept_like_any_other():
    official, case = S.officer("official"), S.declare(20)
    parcel = seal(PHOTOGRAPH, key(), "file")
    check(PHOTOGRAPH[:8] not in parcel)
    equal(upload(official, case["id"], parcel, piece=200).status, 204)
    (photograph,) = attachments(case)
    equal((photograph["kind"], photograph["media_type"]), ("proof_of_birth", "image/jpeg"))
    got = official.get(f"/api/v1/cases/{case['id']}/attachments/{photograph['id']}")
    equal((got.status, got.headers["content-type"]), (200, "image/jpeg"))
    check(b"Exif" in PHOTOGRAPH and b"Exif" not in got.body and got.body[:2] == PHOTOGRAPH[:2])
    # The same parcel again, from a device that did not hear the answer.
    equal(upload(official, case["id"], parcel).status, 204)
    equal(upload(S.officer("verifier"), case["id"], parcel).status, 204)
    equal(len(attachments(case)), 1)
    equal(upload(official, case["id"], seal(PHOTOGRAPH, key(), "file")).status, 204)
    equal(len(attachments(case)), 2)


@test
def a_file_that_is_spoilt_or_of_no_known_type_is_not_kept():
    official, case = S.officer("official"), S.declare(21)
    parcel = bytearray(seal(PHOTOGRAPH, key(), "file"))
    parcel[-1] ^= 1
    equal(upload(official, case["id"], bytes(parcel)).code, "parcel_not_opened")
    parcel[-1] ^= 1
    for wrong in (b"x" * 300, PHOTOGRAPH, seal(PHOTOGRAPH, key(), "request"), bytes(parcel) + b"x"):
        equal(upload(official, case["id"], wrong).code, "parcel_unreadable")
    equal(upload(official, case["id"], seal(b"GIF89a" + bytes(100), key(), "file")).status, 415)
    equal(upload(official, case["id"], bytes(parcel), more="").status, 415)  # not said to be sealed
    equal(upload(S.family(), case["id"], bytes(parcel)).status, 401)
    equal(attachments(case), [])
    # The largest that is taken in clear is taken sealed.
    largest = b"%PDF-1.4\n" + bytes(5 * 1024 * 1024 - 16) + b"\n%%EOF\n"
    equal(upload(official, case["id"], seal(largest, key(), "file")).status, 204)
    (kept,) = attachments(case)
    equal(kept["length"], len(largest))
    equal(official.request("POST", "/api/v1/uploads", raw=b"", headers={
        **TUS, "Upload-Length": str(len(parcel)), "Upload-Metadata": "sealed"}).status, 422)
    too_large = 5 * 1024 * 1024 + 89 + 20 * 16 + 1
    equal(official.request("POST", "/api/v1/uploads", raw=b"", headers={
        **TUS, "Upload-Length": str(too_large), "Upload-Metadata": f"case {b64(case['id'])},kind {b64('x')},sealed"}).status, 413)


@test
def a_file_that_the_vault_could_not_open_is_opened_when_it_can():
    with data_folder() as data:
        s = Server(data).start()
        official2 = s.officer("official2")
        case = s.declare(22, by="official2", office=s.country.neighbour)
        parcel = seal(PHOTOGRAPH, s.family().get("/api/v1/parcel-key").json(), "file")
        where = begin_upload(official2, case["id"], parcel).headers["location"]
        os.kill(s.children()["vault"], signal.SIGSTOP)
        equal(send_pieces(official2, where, parcel).status, 503)
        os.kill(s.children()["vault"], signal.SIGCONT)
        check(eventually(lambda: official2.request("HEAD", where, headers=TUS).headers["upload-offset"] == str(len(parcel))))
        equal(send_pieces(official2, where, parcel, offset=len(parcel)).status, 204)
        equal(len(official2.get(f"/api/v1/cases/{case['id']}").json()["attachments"]), 1)
        s.stop()


def main():
    global S
    with server() as s:
        S = s
        run_tests(only=sys.argv[1:])


main()
