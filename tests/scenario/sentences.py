# SPDX-License-Identifier: MPL-2.0
"""The sentences of which stories are made, and what each does: pattern → step(story, indented lines, groups…).
docs: README.md beside this."""
import time

from story import VERBS, pairs

WHO = r"(a family|the family|somebody|the \w+|[a-z]+\d?)"
PLACE = r"the [a-z ]+?"
# "hands over the case", but "enters the case in the book"
SPLIT = {"enters in the book": ("enters", " in the book"), "compares with the book": ("compares", " with the book"),
         "takes up of its own motion": ("takes up", " of its own motion")}
MOVES = [verb for verb in VERBS if verb not in SPLIT]


def split_moves():
    return [(rf"{WHO} {before} the case{after}", lambda t, b, w, verb=verb: t.moves(w, verb, None, None, pairs(b)))
            for verb, (before, after) in SPLIT.items()]


SENTENCES = [
    # cases
    (rf"{WHO} (declares|notifies|asks for|proposes) an? ([a-z ]+?)(?: at ({PLACE}))?",
     lambda t, b, w, v, k, o: t.declares(w, v, k, o, pairs(b))),
    (rf"{WHO} sends as a declaration", lambda t, b, w: t.declares_raw(w, b)),
    *split_moves(),
    (rf"{WHO} ({'|'.join(MOVES)}) the (?:case|certificate|appeal|decision|parties)(?: to ({PLACE}))?(?: as of version (\d+))?",
     lambda t, b, w, v, o, n: t.moves(w, v, o, n, pairs(b))),
    (r"the case becomes (\w+) by itself", lambda t, b, s: t.becomes(s)),
    (r"the reserved number is (reserved|retired|used)", lambda t, b, s: t.number_is(s)),
    (r"we call this (.+)", lambda t, b, n: t.remember(n)),
    (r"we turn to (.+)", lambda t, b, n: t.turn_to(n)),
    (rf"{WHO} declares (\d+) births", lambda t, b, w, n: t.families(w, int(n))),
    (r"another family comes", lambda t, b: t.newcomer()),
    (r"the same request is sent again", lambda t, b: t.send(t.again)),
    # devices
    (rf"the device (.+) of {WHO} says that (\d+) wait", lambda t, b, d, w, n: t.device_heard(d, w, n)),
    (rf"{WHO} takes the device (.+?)(?: of ({PLACE}))? off the list", lambda t, b, w, d, o: t.device_dropped(w, d, o)),
    (r"no device is heard for (\d+) days?", lambda t, b, n: t.server.devices_quiet(n)),
    # reading
    (rf"{WHO} opens (the \w+)(?: for (\w+))?", lambda t, b, w, x, p: t.opens(w, x, p)),
    (rf"{WHO} (?:gets|prints) (/\S+)", lambda t, b, w, p: t.asks_for(w, p)),
    (r"the family tracks the case(?: with the secret (\S+))?", lambda t, b, x: t.tracks(x)),
    (rf"{WHO} asks how (.+) is spelt", lambda t, b, w, n: t.asks_spelling(w, n)),
    (rf"{WHO} uploads (a \w+) as (\w+)", lambda t, b, w, c, k: t.uploads(w, c, k)),
    (rf"the case (is|is not) in the queue of {WHO}(?: as (\w+))?", lambda t, b, i, w, s: t.in_queue(w, i == "is", s)),
    # papers
    (r"the receipt is ready within ([\d.]+) seconds", lambda t, b, n: t.receipt_within(n)),
    (rf"{WHO} prints the certificate", lambda t, b, w: t.certificate(w)),
    (rf"{WHO} prints the (draft|slip|decision)", lambda t, b, w, p: t.asks_for(w, "/api/v1/cases/{case}/" + p + ".pdf")),
    (rf"{WHO} gives a claim code", lambda t, b, w: t.gives_code(w)),
    (r"somebody claims the certificate(?: with the code (\S+))?", lambda t, b, c: t.claims(c)),
    (r"(?:anyone verifies )?the certificate offline(?: and finds it|, and it is) (valid|not valid|unusable)",
     lambda t, b, r: t.verified(r, False)),
    (r"(?:anyone verifies )?the certificate offline(?: and finds it|, and it is) (changed|cancelled) since today",
     lambda t, b, r: t.verified_as(r)),
    (r"with one bit changed the certificate is (not valid|unusable)", lambda t, b, r: t.verified(r, True)),
    (r"the (?:certificate|paper) shows", lambda t, b: t.printed(b)),
    (r"the (?:certificate|paper) does not show", lambda t, b: t.printed(b, False)),
    # what was answered
    (r"the answer is (\d{3})(?: (\w+))?", lambda t, b, s, c: t.answered(s, c)),
    (r"the answer shows", lambda t, b: t.words(b, True)),
    (r"the answer does not show", lambda t, b: t.words(b, False)),
    (r"these fields are wrong", lambda t, b: t.wrong_fields(b)),
    (r"these warnings are given", lambda t, b: t.warnings(b)),
    (r"no warning is given", lambda t, b: t.warnings([])),
    (r"next may come (.+)", lambda t, b, x: t.next_moves(x)),
    (r"the looks tell", lambda t, b: t.looks(b, True)),
    (r"the looks do not tell", lambda t, b: t.looks(b, False)),
    (r"nothing is stored", lambda t, b: t.nothing_stored()),
    # what is not done over HTTP
    (r"(\d+) seconds pass", lambda t, b, n: time.sleep(int(n))),
    (r"(\d+) days? pass(?:es)?", lambda t, b, n: t.days_pass(n)),
    (r"the month ends", lambda t, b: t.month_ends()),
    (rf"from today on ({PLACE}) works as (\w+)", lambda t, b, o, r: t.works_as(o, r)),
    (r"the gazetteer is brought up to date", lambda t, b: t.gazetteer(b)),
    # the most general last
    (r"(\S+) is (.+)", lambda t, b, p, v: t.says(p, v)),
    (r"(\S+) looks like (.+)", lambda t, b, p, v: t.matches(p, v)),
]
