# SPDX-License-Identifier: MPL-2.0
"""Runs the stories beside this file (*.story) against one server, each story one TAP point.

A story is sentences, one a line; what is indented under a sentence belongs to
it. Lines that begin with # are remarks. A first line "Country: mmr" says where
it happens; else it is Cambodia. docs: tests/scenario/README.md.
"""
import contextlib
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import CheckFailed, check, civis, equal, local_today, new_case, run_tests, server, test  # noqa: E402
import datetime  # noqa: E402

VERBS = {"verifies": "verify", "returns": "return", "rejects": "reject", "registers": "register",
         "withdraws": "withdraw", "amends": "amend", "holds": "hold", "releases": "release"}
OFFICES = {"the commune": "office", "the township": "office", "the neighbouring commune": "neighbour",
           "the neighbouring township": "neighbour"}


def value_of(text):
    """JSON where it is JSON, dates relative to today where it says so, else the text itself."""
    relative = re.fullmatch(r"(\d+) days? (ago|ahead)", text)
    if text == "today" or relative:
        days = 0 if text == "today" else int(relative[1]) * (-1 if relative[2] == "ago" else 1)
        return (local_today("mmr") + datetime.timedelta(days=days)).isoformat()  # the country whose day is the later one
    many = re.fullmatch(r"(.+) × (\d+)", text)
    if many:
        return many[1] * int(many[2])
    try:
        return json.loads(text)
    except ValueError:
        return text


def put(tree, path, value):
    *parents, last = path.split(".")
    for name in parents:
        tree = tree.setdefault(name, {}) if isinstance(tree, dict) else tree[int(name)]
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


class Story:
    """What a story knows: its case, its last answer, its last request."""
    seeds, kept = 1000, 0

    def __init__(self, s):
        self.server, self.case, self.answer, self.again = s, None, None, None
        self.act = self.person = self.pdf = None
        self.declaration = self.complete_family()

    def complete_family(self):
        """Both parents, a named child: a story says itself what is missing."""
        while True:
            Story.seeds += 1
            made = self.server.country.birth(Story.seeds)
            if made["child"]["name"] and "father" in made:
                return made

    def client(self, who):
        return self.server.family() if who in ("a family", "the family", "somebody") else self.server.officer(who)

    def send(self, act):
        """Does it, and remembers it for «the same request is sent again»."""
        self.again = act
        self.answer = act()
        if self.answer.status in (200, 201) and self.answer.headers.get("content-type", "").startswith("application/json"):
            body = self.answer.json()
            if self.case is not None and body.get("id", self.case["id"]) == self.case["id"]:
                self.case.update({k: v for k, v in body.items() if k in ("version", "state", "tracking_code")})
            self.act = body.get("act_id", self.act)
            self.person = body.get("person_id", self.person)

    # ---- sentences

    def declares(self, who, office, changes):
        made = copy.deepcopy(self.declaration)
        for path, value in changes:
            put(made, path, value)
        country = self.server.country
        self.case = new_case(getattr(country, OFFICES[office or "the commune"]), made, country.language)
        body, key, client = dict(self.case), str(uuid.uuid4()), self.client(who)
        self.send(lambda: client.declare(body, key=key))

    def declares_raw(self, who, lines):
        """The body as it stands in the story, with {id} and {secret} filled in."""
        case = new_case(self.server.country.office, self.declaration, self.server.country.language)
        text = "\n".join(lines).replace("{case}", json.dumps(case, ensure_ascii=False)[1:-1])
        raw = text.encode().decode("unicode_escape").encode("latin-1") if "\\x" in text else text.encode()
        client, key = self.client(who), str(uuid.uuid4())
        self.case = case
        self.send(lambda: client.request("POST", "/api/v1/cases", raw=raw, key=key,
                                         headers={"Content-Type": "application/json"}))

    def moves(self, who, verb, changes, version=None):
        body = {}
        for path, value in changes:
            if path.startswith("declaration."):
                body.setdefault("declaration", copy.deepcopy(self.case["declaration"]))
            put(body, path, value)
        client, key, case = self.client(who), str(uuid.uuid4()), self.case
        headers = {"Tracking-Secret": case["tracking_secret"]} if who == "the family" else {}
        version = version or case["version"]
        self.send(lambda: client.move(case["id"], VERBS[verb], version, body, key=key, headers=headers))

    def opens(self, who, what, purpose):
        path = {"the case": f"/api/v1/cases/{self.case['id']}", "the act": f"/api/v1/acts/{self.act}",
                "the person": f"/api/v1/people/{self.person}", "the looks": f"/api/v1/people/{self.person}/looks",
                "the queue": "/api/v1/cases", "the receipt": f"/api/v1/acts/{self.act}/receipt"}[what]
        headers, client = {"Civis-Purpose": purpose} if purpose else {}, self.client(who)
        self.send(lambda: client.get(path, headers=headers))

    def tracks(self, secret):
        body = {"code": self.case["tracking_code"], "secret": secret or self.case["tracking_secret"]}
        self.send(lambda: self.server.family().post("/api/v1/tracking", body))

    def uploads(self, who, content, kind):
        secret = self.case["tracking_secret"] if who == "the family" else None
        made = {"a photograph": PHOTOGRAPH, "a program": b"\x7fELF" + b"\0" * 200}[content]
        self.send(lambda: self.client(who).upload(self.case["id"], kind, made, secret=secret, piece=50))

    def receipt_within(self, seconds):
        answer = self.server.receipt(self.act, seconds=float(seconds))
        equal(answer.status, 200, answer)

    def certificate(self, who):
        client = self.client(who)
        self.send(lambda: client.get(f"/api/v1/acts/{self.act}/certificate.pdf"))
        if self.answer.status == 200:
            self.pdf = self.answer.body
            self.keep()

    def keep(self):
        """With KEEP_CERTIFICATES, a folder: the certificate, to be looked at."""
        folder = os.environ.get("KEEP_CERTIFICATES")
        if folder:
            Story.kept += 1
            with open(os.path.join(folder, f"{Story.kept:02}-{self.server.country.code}.pdf"), "wb") as f:
                f.write(self.pdf)

    def verified(self, offline_says, spoiled):
        with tempfile.TemporaryDirectory() as folder:
            trust, pdf = os.path.join(folder, "trust.json"), os.path.join(folder, "certificate.pdf")
            with open(trust, "wb") as f:
                f.write(self.server.family().get("/trust.json").body)
            content = bytearray(self.pdf)
            if spoiled:
                content[len(content) // 3] ^= 1
            with open(pdf, "wb") as f:
                f.write(content)
            done = civis("verify", pdf, "--trust", trust, "--json", status=None)
            equal({0: "valid", 1: "not valid", 2: "unusable"}[done.returncode], offline_says, done.stdout + done.stderr)

    def printed(self, words, shown=True):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as f:
            f.write(self.pdf)
            f.flush()
            text = subprocess.run(["pdftotext", "-raw", f.name, "-"], capture_output=True, text=True, check=True).stdout
        squeezed = re.sub(r"\s|\u200b", "", text)
        for word in words:
            equal(re.sub(r"\s|\u200b", "", word) in squeezed, shown, (word, text))

    def answered(self, status, code):
        equal(self.answer.status, int(status), self.answer)
        if code:
            equal(self.answer.code, code, self.answer)

    def wrong_fields(self, lines):
        got = {(e["pointer"], e["code"]) for e in self.answer.json()["errors"]}
        want = {tuple(line.split()) for line in lines}
        equal(sorted(got), sorted(want), self.answer)
        for e in self.answer.json()["errors"]:
            check(e["message"], e)

    def says(self, path, want):
        if path == "state" and self.case is not None and "state" not in self.answer.json():
            equal(self.case["state"], value_of(want))
        else:
            equal(dig(self.answer.json(), path), value_of(want), self.answer)

    def matches(self, path, pattern):
        check(re.fullmatch(pattern, str(dig(self.answer.json(), path))), (path, self.answer))

    def nothing_stored(self):
        answer = self.server.officer("official").get(f"/api/v1/cases/{self.case['id']}")
        equal(answer.status, 404, answer)


# The smallest JPEG that decoders take: one grey point; with an EXIF segment that must not survive.
PHOTOGRAPH = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffe10019457869660000474e53532d4845524520313131332e3536"
    "ffdb004300" + "01" * 64 + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0054ffd9")

WHO = r"(a family|the family|somebody|the \w+|[a-z]+\d?)"
SENTENCES = [
    (rf"{WHO} declares a birth(?: at ((?:the )[a-z ]+))?", lambda t, b, w, o: t.declares(w, o, pairs(b))),
    (rf"{WHO} sends as a declaration", lambda t, b, w: t.declares_raw(w, b)),
    (rf"{WHO} ({'|'.join(VERBS)}) the case(?: as of version (\d+))?", lambda t, b, w, v, n: t.moves(w, v, pairs(b), n)),
    (rf"{WHO} opens (the \w+)(?: for (\w+))?", lambda t, b, w, x, p: t.opens(w, x, p)),
    (rf"the family tracks the case(?: with the secret (\S+))?", lambda t, b, x: t.tracks(x)),
    (rf"{WHO} uploads (a \w+) as (\w+)", lambda t, b, w, c, k: t.uploads(w, c, k)),
    (r"the receipt is ready within ([\d.]+) seconds", lambda t, b, n: t.receipt_within(n)),
    (rf"{WHO} prints the certificate", lambda t, b, w: t.certificate(w)),
    (r"(?:anyone verifies )?the certificate offline(?: and finds it|, and it is) (valid|not valid|unusable)",
     lambda t, b, r: t.verified(r, False)),
    (r"with one bit changed the certificate is (not valid|unusable)", lambda t, b, r: t.verified(r, True)),
    (r"the certificate shows", lambda t, b: t.printed(b)),
    (r"the certificate does not show", lambda t, b: t.printed(b, False)),
    (r"the same request is sent again", lambda t, b: t.send(t.again)),
    (r"the answer is (\d{3})(?: (\w+))?", lambda t, b, s, c: t.answered(s, c)),
    (r"these fields are wrong", lambda t, b: t.wrong_fields(b)),
    (r"nothing is stored", lambda t, b: t.nothing_stored()),
    (r"(\S+) is (.+)", lambda t, b, p, v: t.says(p, v)),
    (r"(\S+) looks like (.+)", lambda t, b, p, v: t.matches(p, v)),
    (r"(\d+) seconds pass", lambda t, b, n: time.sleep(int(n))),
]


def pairs(lines):
    return [(path, "(absent)" if text == "(absent)" else value_of(text))
            for path, text in (line.split(": ", 1) for line in lines)]


def read_story(path):
    """[(line number, sentence, [indented lines])]"""
    steps = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith(("#", "Country:")):
                continue
            if line.startswith((" ", "\t")):
                steps[-1][2].append(line.strip())
            else:
                steps.append((number, line.rstrip(".:").strip(), []))
    return steps


def play(path, s):
    story = Story(s)
    for number, sentence, body in read_story(path):
        for pattern, step in SENTENCES:
            found = re.fullmatch(r"(?:then |when |and |but )?" + pattern, sentence[0].lower() + sentence[1:])
            if found:
                try:
                    groups = [g.removeprefix("the ") if i == 0 and g and pattern.startswith(WHO) and
                              g not in ("the family",) else g for i, g in enumerate(found.groups())]
                    step(story, body, *groups)
                except CheckFailed as why:
                    raise CheckFailed(f"{os.path.basename(path)}:{number}: {sentence}: {why}") from None
                break
        else:
            raise CheckFailed(f"{os.path.basename(path)}:{number}: no such sentence: {sentence}")


def country_of(path):
    with open(path, encoding="utf-8") as f:
        found = re.match(r"Country: (\w+)\n", f.read())
    return found[1] if found else "khm"


def main():
    paths = sys.argv[1:] or sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*.story")))
    countries = {path: country_of(path) for path in paths}
    with contextlib.ExitStack() as stack:
        servers = {country: stack.enter_context(server(country)) for country in sorted(set(countries.values()))}
        for path, country in countries.items():
            def told(path=path, s=servers[country]):
                check(read_story(path))
                play(path, s)
            told.__name__ = os.path.basename(path)[:-len(".story")]
            test(told)
        run_tests()


main()
