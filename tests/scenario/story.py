# SPDX-License-Identifier: MPL-2.0
"""What a story knows, and what each of its sentences does. The sentences themselves: sentences.py."""
import copy
import datetime
import json
import os
import re
import subprocess
import tempfile
import time
import uuid

import events
from civis_client import PHOTOGRAPH
from harness import check, civis, equal, eventually, local_today, new_case
import stored

# The verbs of transitions that are not the transition's name and an s.
VERBS = {"verifies": "verify", "returns": "return", "rejects": "reject", "registers": "register", "withdraws": "withdraw",
         "amends": "amend", "holds": "hold", "releases": "release", "completes": "complete", "forwards": "forward",
         "refers": "refer", "expires": "expire", "appeals": "appeal", "appeals in": "appeal", "allows": "allow", "upholds": "uphold",
         "decides": "decide", "dismisses": "dismiss", "hears": "hear", "gives notice of": "notify",
         "enters in the book": "enter_in_book", "compares with the book": "compare", "hands over": "hand_over",
         "takes up of its own motion": "own_motion", "visits the family of": "visit",
         # the invented country's
         "writes": "write", "doubts": "doubt", "spurns": "spurn", "pleads for": "plead", "heeds": "heed", "scratches": "scratch", "waits for": "wait", "sees": "see", "drifts with": "drift", "gives": "give",
         "forgets": "forget"}
# What these send is a whole declaration, not an amended notice.
WHOLE = ("complete", "own_motion", "enter_in_book", "see")
HANDED = {"name": "MOTHER OF THE CHILD", "relation": "parent", "identified_by": "known"}
DATED = {"notify": {"to": "CHILD'S PARENTS"}, "hear": {"record": "Both parents were heard."}}  # and today's date
DAY_US = 86400 * 1000000


def value_of(text):
    """JSON where it is JSON, dates relative to today where it says so, else the text itself."""
    relative = re.fullmatch(r"(\d+) (days?|years?) (ago|ahead)", text)
    if text == "today" or relative:
        days = 0 if text == "today" else int(relative[1]) * (-1 if relative[3] == "ago" else 1)
        days *= 366 if relative and relative[2].startswith("year") else 1
        return (local_today("mmr") + datetime.timedelta(days=days)).isoformat()  # the country whose day is the later one
    many = re.fullmatch(r"(.+) × (\d+)", text)
    if many:
        return many[1] * int(many[2])
    try:
        return json.loads(text)
    except ValueError:
        return text


def with_days(text):
    """{5 days ago} within a text that is more than a date."""
    return re.sub(r"\{(today|\d+ (?:days?|years?) (?:ago|ahead))\}", lambda day: value_of(day[1]), text)


def pairs(lines):
    return [(path, "(absent)" if text == "(absent)" else value_of(text))
            for path, text in (with_days(line).split(": ", 1) for line in lines)]


def put(tree, path, value):
    *parents, last = path.split(".")
    for name in parents:
        tree = tree[int(name)] if isinstance(tree, list) else tree.setdefault(name, {})
    if value == "(absent)":
        tree.pop(last, None)
    else:
        tree[last] = value


def dig(tree, path):
    for name in path.split("."):
        try:
            tree = tree[int(name)] if isinstance(tree, list) else tree[name]
        except (KeyError, IndexError, TypeError, ValueError):
            return "(absent)"
    return tree


def squeezed(text):
    return re.sub(r"\s|\u200b", "", text)


class Story:
    """What a story knows: its case, its last answer, its last request, its last paper."""
    seeds, kept = 1000, 0

    def __init__(self, s):
        self.server, self.case, self.answer, self.again = s, None, None, None
        self.act = self.person = self.pdf = self.code = None
        self.remembered, self.registrar = {}, "registrar"
        self.devices = {}
        self.declaration = self.complete_family()

    def complete_family(self):
        """Both parents, a named child: a story says itself what is missing."""
        while True:
            Story.seeds += 1
            made = self.server.country.birth(Story.seeds)
            if "child" not in made or (made["child"]["name"] and "father" in made):
                return made

    def client(self, who):
        return self.server.family() if who in ("a family", "the family", "somebody") else self.server.officer(who)

    def send(self, act):
        """Does it, and remembers it for «the same request is sent again»."""
        self.again = act
        self.answer = act()
        while self.answer.status == 429:  # so many families at one address: as a patient one, the story waits
            time.sleep(int(self.answer.headers.get("retry-after", "1")))
            self.answer = act()
        if self.answer.status in (200, 201) and self.answer.headers.get("content-type", "").startswith("application/json"):
            body = self.answer.json()
            if self.case is not None and body.get("id", self.case["id"]) == self.case["id"]:
                self.case.update({k: v for k, v in body.items() if k in ("version", "state", "tracking_code")})
            self.act = body.get("act_id") or self.act
            self.person = body.get("person_id") or self.person
        elif self.answer.status == 200 and self.answer.headers.get("content-type") == "application/pdf":
            self.pdf = self.answer.body
            self.keep()

    # ---- cases

    def declared(self, verb, kind):
        """The whole declaration of such an event in this story's family."""
        born, today = self.declaration, local_today(self.server.country.code).isoformat()
        if verb == "notifies" and kind == "birth":
            return events.notified(born)
        if kind in ("correction", "naming"):
            return events.restated(born, kind, born["informant"]["name"])
        made = {"foundling": lambda: events.foundling(born, today), "foetal_death": lambda: events.foetal_death(born),
                "death": lambda: events.death(born, today), "cancellation": lambda: events.cancellation(born, today),
                "renaming": lambda: events.renaming(born), "leaving": lambda: events.leaving(today)}
        return made.get(kind, lambda: copy.deepcopy(born))()

    def declares(self, who, verb, kind, office, changes):
        kind, country = kind.replace(" ", "_"), self.server.country
        made = self.declared(verb, kind)
        if verb == "notifies":
            made.setdefault("notice", {"visit_consent": True})
        for path, value in changes:
            put(made, path, value)
        self.case = new_case(country.offices[office or "the commune"], made, country.language)
        self.case["kind"] = kind
        if kind in country.about_a_person:
            self.case.update({"person": self.person} if self.person else {})
            del self.case["office"]
        # About somebody who is registered, and of a stillbirth, nothing is sent to anybody.
        if self.client(who).token and kind in country.not_tracked:
            del self.case["tracking_secret"]
        body, key, client = dict(self.case), str(uuid.uuid4()), self.client(who)
        self.send(lambda: client.declare(body, key=key))
        if self.answer.status == 201 and kind in ("birth", "foundling", "arrival") and verb == "declares":
            self.declaration = copy.deepcopy(made)

    def declares_raw(self, who, lines):
        """The body as it stands in the story, with {case} filled in."""
        case = new_case(self.server.country.office, self.declaration, self.server.country.language)
        text = "\n".join(lines).replace("{case}", json.dumps(case, ensure_ascii=False)[1:-1])
        raw = text.encode().decode("unicode_escape").encode("latin-1") if "\\x" in text else text.encode()
        client, key = self.client(who), str(uuid.uuid4())
        self.case = case
        self.send(lambda: client.request("POST", "/api/v1/cases", raw=raw, key=key,
                                         headers={"Content-Type": "application/json"}))

    def moves(self, who, verb, office, version, changes):
        move, body = VERBS[verb], {}
        if move in WHOLE:
            body["declaration"] = copy.deepcopy(self.declaration)
        if move == "hand_over":
            body["details"] = dict(HANDED)
        if move in DATED:
            body["details"] = {**DATED[move], "date": local_today(self.server.country.code).isoformat()}
        if office:
            body["office"] = self.server.country.offices[office]
        for path, value in changes:
            if path.startswith("declaration."):
                body.setdefault("declaration", copy.deepcopy(self.case["declaration"]))
            put(body, path, value)
        client, key, case = self.client(who), str(uuid.uuid4()), self.case
        headers = {"Tracking-Secret": case["tracking_secret"]} if who == "the family" else {}
        version = version or case["version"]
        if move == "register" and {"kind": "signed_draft"} in case["declaration"].get("evidence", []):
            client.sign(case["id"])  # what is listed as signed is there; where it cannot be added, the move says why
        self.send(lambda: client.move(case["id"], move, version, body, key=key, headers=headers))
        if self.answer.status == 200 and "declaration" in body:
            self.case["declaration"] = body["declaration"]
            if "informant" in body["declaration"] and case["kind"] == "birth":
                self.declaration = copy.deepcopy(body["declaration"])
        if self.answer.status == 200 and move in ("register", "write"):
            self.registrar = who
        if self.answer.status == 200 and move == "register" and case["kind"] in ("correction", "naming"):
            self.declaration = copy.deepcopy(case["declaration"])
            del self.declaration[case["kind"]]

    def remember(self, name):
        self.remembered[name] = (self.case, self.act, self.person, self.pdf, self.declaration)

    def turn_to(self, name):
        self.case, self.act, self.person, self.pdf, self.declaration = self.remembered[name]

    def families(self, who, number):
        """So many others, whose own stories are not told."""
        for _ in range(number):
            self.newcomer()
            self.declares(who, "declares", "birth", None, [])
            equal(self.answer.status, 201, self.answer)

    def newcomer(self):
        """Another family's birth, in the same story."""
        self.declaration = self.complete_family()

    # ---- devices

    def device(self, label):
        return self.devices.setdefault(label, str(uuid.uuid4()))

    def device_heard(self, label, who, waiting):
        client, body = self.client(who.removeprefix("the ")), {"id": self.device(label), "label": label, "waiting": int(waiting)}
        self.send(lambda: client.post("/api/v1/devices", body))

    def device_dropped(self, who, label, office):
        client, path = self.client(who), f"/api/v1/devices/{self.device(label)}"
        path += f"?office={self.server.country.offices[office]}" if office else ""
        self.send(lambda: client.request("DELETE", path))

    # ---- reading

    def opens(self, who, what, purpose):
        path = {"the case": lambda: f"/api/v1/cases/{self.case['id']}", "the act": lambda: f"/api/v1/acts/{self.act}",
                "the person": lambda: f"/api/v1/people/{self.person}", "the looks": lambda: f"/api/v1/people/{self.person}/looks",
                "the queue": lambda: "/api/v1/cases", "the receipt": lambda: f"/api/v1/acts/{self.act}/receipt"}[what]()
        headers, client = {"Civis-Purpose": purpose} if purpose else {}, self.client(who)
        self.send(lambda: client.get(path, headers=headers))

    def asks_for(self, who, path):
        client, case = self.client(who), self.case or {"id": None, "tracking_secret": ""}
        path = path.format(case=case["id"], act=self.act, person=self.person, office=self.server.country.office,
                           year=local_today(self.server.country.code).year)
        headers = {"Tracking-Secret": case["tracking_secret"]} if who == "the family" else {}
        self.send(lambda: client.get(path, headers=headers))

    def asks_spelling(self, who, name):
        self.send(lambda: self.client(who).post("/api/v1/romanisation", {"text": name}))

    def tracks(self, secret):
        body = {"code": self.case["tracking_code"], "secret": secret or self.case["tracking_secret"]}
        self.send(lambda: self.server.family().post("/api/v1/tracking", body))

    def uploads(self, who, content, kind):
        secret = self.case["tracking_secret"] if who == "the family" else None
        made = {"a photograph": PHOTOGRAPH, "a program": b"\x7fELF" + b"\0" * 200}[content]
        self.send(lambda: self.client(who).upload(self.case["id"], kind, made, secret=secret, piece=50))

    def receipt_within(self, seconds):
        answer = self.server.receipt(self.act, by=self.registrar, seconds=float(seconds))
        equal(answer.status, 200, answer)

    # ---- papers

    def certificate(self, who):
        client = self.client(who)
        self.send(lambda: client.get(f"/api/v1/acts/{self.act}/certificate.pdf"))

    def gives_code(self, who):
        client = self.client(who)
        self.send(lambda: client.post(f"/api/v1/acts/{self.act}/claim-codes", {}))
        if self.answer.status == 201:
            self.code = self.answer.json()["code"]

    def claims(self, code):
        code = code or self.code
        self.send(lambda: self.server.family().post("/api/v1/claims", {"code": code}))

    def keep(self):
        """With KEEP_CERTIFICATES, a folder: what was printed, to be looked at."""
        folder = os.environ.get("KEEP_CERTIFICATES")
        if folder:
            Story.kept += 1
            with open(os.path.join(folder, f"{Story.kept:02}-{self.server.country.code}.pdf"), "wb") as f:
                f.write(self.pdf)

    def verify(self, spoiled):
        """What civis verify says, with the keys and the status lists that anybody can fetch."""
        with tempfile.TemporaryDirectory() as folder:
            trust, pdf, status = (os.path.join(folder, n) for n in ("trust.json", "certificate.pdf", "status.cwt"))
            content = bytearray(self.pdf)
            if spoiled:
                content[len(content) // 3] ^= 1
            for path, body in ((trust, self.server.family().get("/trust.json").body), (pdf, content),
                               (status, self.server.family().get("/status/0").body)):
                with open(path, "wb") as f:
                    f.write(body)
            return civis("verify", pdf, "--trust", trust, "--json", "--status", status, status=None)

    def verified(self, offline_says, spoiled):
        done = self.verify(spoiled)
        equal({0: "valid", 1: "not valid", 2: "unusable"}[done.returncode], offline_says, done.stdout + done.stderr)

    def verified_as(self, word):
        """Its signed list says so within a few seconds, and from which day on."""
        day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        said = []

        def told():
            said[:] = [self.verify(False).stdout]
            return word in said[0] and day in said[0]
        check(eventually(told, 10), (word, day, said))

    def printed(self, words, shown=True):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as f:
            f.write(self.pdf)
            f.flush()
            text = subprocess.run(["pdftotext", "-raw", f.name, "-"], capture_output=True, text=True, check=True).stdout
        for word in words:
            equal(squeezed(word) in squeezed(text), shown, (word, text))

    # ---- what was answered

    def answered(self, status, code):
        equal(self.answer.status, int(status), self.answer)
        if code:
            equal(self.answer.code, code, self.answer)

    def wrong_fields(self, lines):
        got = {(e["pointer"], e["code"]) for e in self.answer.json()["errors"]}
        want = {tuple(line.split()) for line in lines}
        equal(sorted(got), sorted(want), self.answer)
        for e in self.answer.json()["errors"]:
            check(e["message"] and e["message"] != "field." + e["code"], e)

    def warnings(self, lines):
        got = {(w["pointer"], w["code"]) for w in self.answer.json()["warnings"]}
        equal(sorted(got), sorted(tuple(line.split()) for line in lines), self.answer)

    def says(self, path, want):
        if path == "state" and self.case is not None and "state" not in self.answer.json():
            equal(self.case["state"], value_of(want))
        else:
            equal(dig(self.answer.json(), path), value_of(want), self.answer)

    def matches(self, path, pattern):
        check(re.fullmatch(pattern, str(dig(self.answer.json(), path))), (path, self.answer))

    def words(self, words, shown):
        for word in words:
            equal(word in self.answer.body.decode(), shown, (word, self.answer.body))

    def next_moves(self, text):
        got = {n["transition"] for n in self.answer.json()["next"]}
        equal(sorted(got), sorted(text.split(", ")) if text != "nothing" else [], self.answer)

    def looks(self, lines, there):
        """Each purpose was written down before anything was shown."""
        got = {look["purpose"] for look in self.answer.json()["looks"]}
        for line in lines:
            equal(line in got, there, (line, sorted(got)))

    def in_queue(self, who, there, state):
        client, found, after = self.client(who.removeprefix("the ")), [], f"&state={state}" if state else ""
        while True:
            answer = client.get("/api/v1/cases?limit=100" + after)
            equal(answer.status, 200, answer)
            found += [c["id"] for c in answer.json()["cases"]]
            if "next" not in answer.json():
                break
            after = "&after=" + answer.json()["next"] + (f"&state={state}" if state else "")
        equal(self.case["id"] in found, there, who)

    def nothing_stored(self):
        answer = self.server.officer("official").get(f"/api/v1/cases/{self.case['id']}")
        equal(answer.status, 404, answer)

    # ---- what is not done over HTTP

    def days_pass(self, days):
        """Nobody waits so long, and no server offers to move its clock: what it wrote down is made so much older."""
        case, us = uuid.UUID(self.case["id"]).bytes, int(days) * DAY_US
        stored.change(
            self.server.data,
            ("UPDATE cases SET created = created - ?1, updated = updated - ?1, reported = reported - ?1,"
             " deadline = CASE WHEN deadline > ?1 THEN deadline - ?1 WHEN deadline > 0 THEN 1 ELSE 0 END WHERE case_id = ?2", us, case),
            *((f"UPDATE {table} SET deadline = deadline - ?1 WHERE case_id = ?2 AND deadline > 0", us, case)
              for table in ("work_queue", "queue_ticket", "case_due")))
        if self.person:
            stored.change(self.server.data,
                          ("UPDATE claim SET until_us = until_us - ?1, session_until_us = CASE WHEN session_until_us > ?1"
                           " THEN session_until_us - ?1 ELSE 0 END WHERE person_id = ?2", us, uuid.UUID(self.person).bytes), room="vault")

    def month_ends(self):
        last = (local_today(self.server.country.code).replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")
        stored.change(self.server.data, ("UPDATE counter SET month = ?1", last))

    def becomes(self, state):
        """The server's own moves come by themselves, a moment after they are due."""
        def moved():
            row, = stored.rows(self.server.data, "SELECT state, version FROM cases WHERE case_id = ?1", uuid.UUID(self.case["id"]).bytes)
            self.case.update(zip(("state", "version"), row))
            return self.case["state"] == state
        check(eventually(moved, 15), (self.case["state"], state))

    def number_is(self, state):
        """What became of the number that was reserved for the case; no answer tells it."""
        equal(stored.rows(self.server.data, "SELECT claim.state FROM claim JOIN cases ON claim.val = cases.number_claim"
                                            " WHERE claim.kind = 'number' AND cases.case_id = ?1", uuid.UUID(self.case["id"]).bytes),
              [(state,)])

    def works_as(self, office, regime):
        country = self.server.country
        civis("office", "regime", "--data", self.server.data, "--scope", country.offices[office],
              "--from", local_today(country.code).isoformat(), "--regime", regime)

    def gazetteer(self, lines):
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as f:
            f.write(with_days("\n".join(lines) + "\n"))
            f.flush()
            os.chmod(f.name, 0o644)
            civis("places", "import", f.name, "--data", self.server.data)
