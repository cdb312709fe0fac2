# SPDX-License-Identifier: MPL-2.0
"""The country pack over HTTP: what a program needs that asks people for a declaration."""
import gzip
import json
import os
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import (COMMUNE, PASSPHRASE, ROOT, Client, Server, check, civis, data_folder, equal, local_today, new_case,  # noqa: E402
                     run_tests, server, test)

S = {}  # servers by country


def get(code, path, headers=None):
    return S[code].family().get("/api/v1/country" + path, headers=headers or {})


def get_raw(code, path, accepts):
    with urllib.request.urlopen(urllib.request.Request(S[code].url + "/api/v1/country" + path, headers={"Accept-Encoding": accepts})) as answer:
        return answer.headers.get("Content-Encoding"), answer.read()


def form(code, kind):
    return get(code, f"/forms/{kind}").json()


def strings(code, language):
    return get(code, f"/strings/{language}").json()["strings"]


@test
def a_country_says_how_it_speaks_counts_and_names():
    khm, mmr = get("khm", "").json(), get("mmr", "").json()
    equal([khm["code"], khm["zone_minutes"], khm["languages"], khm["native_language"]], ["khm", 420, ["km", "en"], "km"])
    equal([mmr["zone_minutes"], mmr["names"]["script"], mmr["names"]["order"]], [390, "Mymr", "single"])
    equal([level["name"] for level in khm["levels"]], ["province", "district", "commune", "village"])
    equal(khm["levels"][3], {"name": "village", "code_length": 8, "office": False,
                               "print": {"native": "{unit}{name}", "latin": "{unit} {name}"}})
    check(0x200B in khm["names"]["native_extra"], khm["names"])
    check({"text": "លោក", "joined": True, "name": False} in khm["names"]["titles"], khm["names"])
    km = khm["words"]["km"]
    equal(["".join(km["digits"]), len(km["months"]), km["weekdays"][0]], ["០១២៣៤៥៦៧៨៩", 12, "អាទិត្យ"])
    check("{day}" in km["date"] and "{hour}" in km["time"], km)


@test
def each_kind_says_who_opens_a_case():
    kinds = {kind["kind"]: kind for kind in get("khm", "").json()["kinds"]}
    birth = kinds["birth"]
    equal([birth["subject"], birth["certificate"], birth["base"], birth["level"]], ["new", True, None, "commune"])
    equal(birth["declare"][0], {"roles": ["family"], "office": "own", "state": "declared", "regime": None})
    official = [(rule["regime"], rule["state"]) for rule in birth["declare"] if "commune_official" in rule["roles"]]
    equal(official, [(None, "declared"), ("paper", "on_paper"), ("consular", "declared")])
    equal([birth["states"][name]["transcribes"] for name in ("on_paper", "declared")], [True, False])
    check(birth["states"]["notified"]["notice"] and birth["states"]["registered"]["final"], birth["states"])
    check(birth["states"]["registered"]["waits"] and not birth["states"]["handed_over"]["waits"], birth["states"])
    equal([kinds[name]["register"] for name in ("birth", "foundling", "correction")], ["B", "B", "C"])
    check("on_paper" in birth["states"], "a state of another regime")
    equal([kinds["correction"]["subject"], kinds["correction"]["base"]], ["existing", "birth"])
    check(not any("family" in rule["roles"] for rule in kinds["correction"]["declare"]), kinds["correction"])


@test
def a_form_is_told_as_it_is_checked():
    birth = form("khm", "birth")
    fields = {field["path"]: field for field in birth["fields"]}
    equal(fields["/child/name/native"], {
        "path": "/child/name/native", "label": 32, "type": "name", "script": "native", "keep": "act", "required": True,
        "notice": False, "min_bytes": 1, "max_bytes": 200, "title": "form.name.native"})
    equal([fields["/delivery/count"][k] for k in ("min", "max")], [1, 9])
    equal([c["value"] for c in fields["/child/sex"]["choices"]], ["male", "female", "undetermined"])
    equal([fields["/statistics/weight"]["keep"], "label" in fields["/statistics/weight"]], ["statistics", False])
    equal([item["path"] for item in fields["/evidence"]["items"]], ["/kind", "/note"])
    equal(birth["event"], {"date": "/child/birth/date", "name_native": "/child/name/native", "name_latin": "/child/name/latin"})
    check({"path": "/mother", "required": False, "notice": False} in birth["objects"], birth["objects"])
    check({"rule": "not_future", "field": "/child/birth/date", "code": "in_the_future", "warn": False, "notice": False} in birth["rules"])
    check(any(rule["warn"] and rule["value"] == "13..55" for rule in birth["rules"] if "value" in rule))


@test
def a_form_with_a_base_has_the_fields_of_both():
    paths = {field["path"]: field["label"] for field in form("khm", "correction")["fields"]}
    equal([paths["/child/name/native"], paths["/correction/reason"]], [32, 128])
    check("/statistics/weight" not in paths, "what is no part of the act is not restated")


def asked(code, kind, role):
    return [page for page in form(code, kind)["pages"] if role in page.get("for", [role])]


@test
def a_family_is_asked_in_plain_words_and_an_office_for_its_own():
    pages = asked("khm", "birth", "family")
    equal(pages[1], {"id": "name", "title": "page.name", "hint": "page.name.hint", "for": ["family", "commune_official", "registrar"],
                     "fields": ["/child/name/native", "/child/name/latin"], "when": {"field": "/child/naming", "value": "named"}})
    father = next(page for page in pages if page["id"] == "father")
    equal([father["optional"], father["optional_title"]], ["/father", "page.father.ask"])
    paths = {path for page in pages for path in page["fields"]}
    check(not any(path.startswith(("/book", "/notice", "/informant/draft", "/interpreter")) for path in paths), paths)
    clerk = {path for page in asked("khm", "birth", "hospital_clerk") for path in page["fields"]}
    check("/notice/visit_consent" in clerk and "/book/date" not in clerk and "/father/basis" not in clerk, clerk)
    statistics = pages[-1]
    equal([statistics["optional"], strings("khm", "en")[statistics["hint"]].endswith("never printed.")], ["/statistics", True])


@test
def what_a_family_is_asked_is_enough_to_declare():
    made = {}
    answers = {field["path"]: field for field in form("khm", "birth")["fields"]}
    values = {"/child/naming": "not_yet_named", "/child/birth/date": "2026-11-20", "/child/live_born": True,
              "/child/birth/place": S["khm"].country.birth(1)["child"]["birth"]["place"]}
    for page in asked("khm", "birth", "family"):
        for path in page["fields"]:
            if "optional" in page or "when" in page and page["when"] != {"field": "/child/birth/abroad", "present": False}:
                continue
            value = values.get(path, answers[path]["choices"][0]["value"] if "choices" in answers[path] else None)
            value = "គឹម បុប្ផា" if path == "/informant/name/native" else value
            *above, last = path[1:].split("/")
            inner = made
            for name in above if value is not None else ():
                inner = inner.setdefault(name, {})
            if value is not None:
                inner[last] = value
    answer = S["khm"].family().declare(new_case(S["khm"].country.office, made))
    equal(answer.status, 201, answer)


@test
def every_title_has_a_text_in_every_language():
    for code, languages in (("khm", ("km", "en", "my")), ("mmr", ("my", "en", "km")), ("zed", ("el", "en", "km", "my"))):
        words = {language: strings(code, language) for language in languages}
        equal(len({frozenset(each) for each in words.values()}), 1, "each language has the same keys")
        for kind in get(code, "").json()["kinds"]:
            shown = form(code, kind["kind"])
            titles = {f"kind.{kind['kind']}", *(state["title"] for state in kind["states"].values())}
            for field in shown["fields"] + [item for field in shown["fields"] for item in field.get("items", [])]:
                titles |= {field["title"], *(choice["title"] for choice in field.get("choices", []))}
            for page in shown["pages"]:
                titles |= {page[name] for name in ("title", "hint", "optional_title") if name in page}
            check(titles <= set(words["en"]), titles - set(words["en"]))
            # Whoever reads the language of the neighbour reads no English.
            for title in titles if code != "zed" else ():
                equal(len({each[title] for each in words.values()}), 3, (code, title))
    equal(strings("khm", "my")["error.forbidden"], strings("mmr", "my")["error.forbidden"])


@test
def what_is_not_there_is_not_found():
    for path in ("/forms/wedding", "/strings/fr", "/strings/", "/forms"):
        equal(get("khm", path).status, 404, path)


@test
def an_answer_is_packed_for_who_takes_it_and_not_sent_twice():
    for path in ("", "/forms/birth", "/strings/km"):
        plain = get("khm", path)
        equal([plain.headers["cache-control"], plain.headers["vary"]], ["public, max-age=300", "Accept-Encoding"])
        check("content-encoding" not in plain.headers, plain.headers)
        for accepts in ("gzip", "br, GZIP;q=0.8", "gzip , deflate"):
            how, packed = get_raw("khm", path, accepts)
            equal([how, gzip.decompress(packed)], ["gzip", plain.body], accepts)
            check(len(packed) < len(plain.body) / 2, (len(packed), len(plain.body)))
        for refuses in ("gzip;q=0", "identity, gzip; q=0.0", "br", "gzipped"):
            equal(get_raw("khm", path, refuses), (None, plain.body), refuses)
        tag = plain.headers["etag"]
        for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            again = get("khm", path, {"If-None-Match": known})
            equal([again.status, again.body, again.headers["etag"]], [304, b"", tag])
        equal(get("khm", path, {"If-None-Match": '"other"'}).status, 200)
        check(tag != get("mmr", path).headers.get("etag"), "another pack, another answer")


@test
def a_question_is_heard_where_the_pack_has_a_recording():
    shown = form("zed", "arrival")["sounds"]
    equal([list(shown), list(shown["en"])], [["en"], ["page.who"]])
    path = "/sounds/" + shown["en"]["page.who"]
    answer = get("zed", path)
    with open(os.path.join(ROOT, "tests/data/packs/zed/sounds/en/page.who.mp3"), "rb") as f:
        equal(answer.body, f.read())
    equal([answer.status, answer.headers["content-type"], answer.headers["cache-control"]],
          [200, "audio/mpeg", "public, max-age=31536000, immutable"])
    again = get("zed", path, {"If-None-Match": answer.headers["etag"]})
    equal([again.status, again.body], [304, b""])
    equal(form("zed", "leaving")["sounds"], {}, "which asks in other words")
    for code in ("khm", "mmr"):
        equal([form(code, "birth")["sounds"], get(code, path).status], [{}, 404])
    for name in ("0" * 32, "page.who", "pack.json"):
        equal(get("zed", "/sounds/" + name).status, 404, name)


@test
def the_session_says_how_the_office_works():
    with data_folder() as data:
        civis("office", "regime", "--data", data, "--scope", COMMUNE, "--from", local_today("khm").isoformat(), "--regime", "paper")
        s = Server(data).start()
        made = Client(s.url)
        equal(made.sign_in("official", PASSPHRASE).json()["staff"]["regime"], "paper")
        equal([s.officer(who).get("/api/v1/sessions/current").json()["staff"]["regime"] for who in ("official", "verifier", "clerk")],
              ["paper", "electronic", "electronic"])
        s.stop()
    equal(S["mmr"].officer("official").get("/api/v1/sessions/current").json()["staff"]["regime"], "township")


@test
def the_pack_that_is_told_is_the_pack_on_disk():
    for code, folder in (("khm", "country/khm"), ("mmr", "country/mmr"), ("zed", "tests/data/packs/zed")):
        with open(os.path.join(ROOT, folder, "pack.json"), encoding="utf-8") as f:
            pack = json.load(f)
        told = get(code, "").json()
        equal([told["version"], told["name"], told["number_pattern"]], [pack["version"], pack["name"], pack["numbering"]["person"]])
        equal([kind["kind"] for kind in told["kinds"]], pack["kinds"])
        equal([regime["name"] for regime in told["regimes"]], [regime["name"] for regime in pack["regimes"]])


def main():
    with server() as S["khm"], server("mmr") as S["mmr"], server("zed") as S["zed"]:
        run_tests(only=sys.argv[1:])


main()
