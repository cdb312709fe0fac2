#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Places that are renamed, split and merged, and the numbers that an office may read of its work.

usage: places_and_counts.py [TEST …]
"""
import csv
import datetime
import io
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import stored  # noqa: E402
from harness import (COMMUNE, Skip, check, civis, data_folder, equal, local_today, new_case, run_tests,  # noqa: E402
                     running, test)

HEAD = "code,level,name_native,name_latin,unit_native,unit_latin,valid_from,valid_until,legal_act,change,predecessor,successor\n"
# On 1 March 2025 Kumru gets another name and gives two villages to a new commune; Kumru Thmei is merged into it.
DECREE = HEAD + """049901,commune,គំរូចាស់,Kumru Chas,ឃុំ,Khum,2025-03-01,,Sub-decree 17,renamed,049901,
049903,commune,គំរូរួម,Kumru Ruom,ឃុំ,Khum,2025-03-01,,Sub-decree 17,merged,049902,
04990301,village,ទួលពោធិ៍,Tuol Pou,ភូមិ,Phum,2025-03-01,,Sub-decree 17,moved,04990103,
04990302,village,ស្រែចាស់,Srae Chas,ភូមិ,Phum,2025-03-01,,Sub-decree 17,moved,04990104,
04990303,village,ព្រែកថ្មី,Preaek Thmei,ភូមិ,Phum,2025-03-01,,Sub-decree 17,moved,04990201,
"""


def imports(data, text, *more, status=0):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as f:
        f.write(text)
        f.flush()
        return civis("places", "import", f.name, "--data", data, *more, status=status)


def places(server, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return {p["code"]: p for p in server.family().get(f"/api/v1/places?{asked}").json()["places"]}


@test
def a_decree_is_planned_then_imported_and_the_same_decree_again_changes_nothing():
    with data_folder() as data:
        plan = imports(data, DECREE, "--plan").stdout
        for line in ("renamed  049901 commune, from Kumru to Kumru Chas, from 2025-03-01", "new      049903 commune, Kumru Ruom",
                     "closed   049902 commune, Kumru Thmei, from 2025-03-01", "merged   049902 into 049903, from 2025-03-01",
                     "moved    04990103 into 04990301, from 2025-03-01", "would be imported"):
            check(line in plan, (line, plan))
        equal(imports(data, DECREE, "--plan").stdout, plan, "a plan changes nothing")
        check("4 new, 1 renamed, 0 mended, 4 closed" in imports(data, DECREE).stdout)
        check("0 new, 0 renamed, 0 mended, 0 closed: 0 places" in imports(data, DECREE).stdout)
        equal(imports(data, DECREE, "--plan").stdout.count("\n"), 1)


@test
def provinces_stand_in_the_order_in_which_people_look_for_them():
    with data_folder() as data, running(data) as server:
        def names(script, order):
            answer = server.family().get(f"/api/v1/places?level=province&order={order}")
            return [p["name"][script] for p in answer.json()["places"]]
        latin, native = names("latin", "en"), names("native", "km")
        equal((len(latin), latin), (25, sorted(latin)))
        # Khmer consonants stand in Unicode as in the dictionary.
        equal([n[0] for n in native], sorted(n[0] for n in native))
        check(native != names("native", "en"), "two scripts have two orders")
        equal(server.family().get("/api/v1/places?order=fr").status, 422)


@test
def anybody_reads_the_units_of_a_day_and_what_became_of_them():
    with data_folder() as data:
        imports(data, DECREE)
        with running(data) as s:
            before, now = places(s, parent="0499", on="2025-02-28"), places(s, parent="0499")
            equal((sorted(before), sorted(now)), (["049901", "049902"], ["049901", "049903"]))
            equal((before["049901"]["name"]["latin"], now["049901"]["name"]["latin"]), ("Kumru", "Kumru Chas"))
            equal(before["049902"]["valid_to"], "2025-03-01")
            equal(before["049902"]["changes"], [{"from": "049902", "to": "049903", "on": "2025-03-01", "kind": "merged",
                                                 "law": "Sub-decree 17"}])
            equal(now["049903"]["law"], "Sub-decree 17")
            equal(sorted(places(s, parent="049901")), ["04990101", "04990102"])
            equal(len(places(s, parent="049901", on="2001-01-01")), 4)
            equal(s.family().get("/api/v1/places?on=2025-02-30").status, 422)


@test
def a_list_with_a_mistake_names_its_line_and_changes_nothing():
    good = "049904,commune,ល្អ,Lo,ឃុំ,Khum,2025-03-01,,,,,\n"
    with data_folder() as data:
        for wrong, why in (
                ("049905,commune,ល្អ,Lo,ឃុំ,Khum,2025-02-30,,,,,\n", 'line 3: "valid_from" is not a date'),
                ("049905,commune,ល្អ,Lo,ឃុំ,Khum,2025-03-01,,,merged,049977,\n", 'line 3: "predecessor": there is no 049977'),
                ("049905,commune,ល្អ,Lo,ឃុំ,Khum,2025-03-01,,,merged,,\n", 'line 3: "change" stands with'),
                ("049905,commune,ល្អ,Lo,ឃុំ,Khum,2025-03-01,,,eaten,049901,\n", 'line 3: "change" is none of'),
                ("049905,commune,ល្អ,Lo,ឃុំ,Khum,,2026-01-01,,split,,049977\n", 'line 3: "successor": there is no 049977'),
                ("049905,commune,ល្អ,Lo,ឃុំ,Khum,2025-03-01,,,merged,049902,\n", "line 3: \"valid_until\": 049902 ends on"),
                ("04987701,village,ល្អ,Lo,ភូមិ,Phum,,,,,,\n", 'line 3: "code": the unit above 04987701, 049877'),
                (good, 'line 3: "code": 049904 stands there twice')):
            said = imports(data, HEAD + good + wrong, status=2).stderr
            check(why in said, (why, said))
        check("1 new" in imports(data, HEAD + good).stdout, "nothing of it was there")


@test
def a_later_whole_list_without_days_opens_renames_and_closes_units():
    plain = "code,level,name_native,name_latin,unit_native,unit_latin\n"
    later = plain + "049901,commune,គំរូ,Kumru,ឃុំ,Khum\n049902,commune,គំរូក្រោយ,Kumru Kraoy,ឃុំ,Khum\n049909,commune,ថ្មី,Thmei,ឃុំ,Khum\n"
    with data_folder() as data:
        said = imports(data, later, "--from", "2026-06-01", "--whole").stdout
        check("1 new, 1 renamed, 0 mended, 0 closed" in said, said)
        check("0 places" in imports(data, later, "--from", "2026-06-01", "--whole").stdout)
        shorter = later.replace("049909,commune,ថ្មី,Thmei,ឃុំ,Khum\n", "")
        check("closed   049909 commune, Thmei, from 2026-07-01" in imports(data, shorter, "--from", "2026-07-01", "--whole", "--plan").stdout)
        check("--whole needs --from" in imports(data, later, "--whole", status=2).stderr)
        with running(data) as s:
            equal(places(s, parent="0499", on="2026-05-31")["049902"]["name"]["latin"], "Kumru Thmei")
            equal(places(s, parent="0499", on="2026-06-01")["049902"]["name"]["latin"], "Kumru Kraoy")


@test
def a_certificate_keeps_the_name_that_the_village_had_on_the_day_of_the_act():
    with data_folder() as data:
        with running(data) as s:
            act = s.register(1)["act_id"]
            equal(s.receipt(act).status, 200)
            village = s.country.birth(1)["child"]["birth"]["place"]
            old = places(s, q=village)[village]["name"]["latin"]
        tomorrow = (local_today("khm") + datetime.timedelta(days=1)).isoformat()
        renamed = HEAD + f"{village},village,ឈ្មោះថ្មី,Chhmuoh Thmei,ភូមិ,Phum,{tomorrow},,,,,\n"
        check("1 renamed" in imports(data, renamed).stdout)
        with running(data) as s:
            pdf = s.officer("registrar").get(f"/api/v1/acts/{act}/certificate.pdf")
            equal(pdf.status, 200, pdf)
            text = subprocess.run(["pdftotext", "-", "-"], input=pdf.body, capture_output=True, check=True).stdout.decode()
            check(old in text and "Chhmuoh Thmei" not in text, text)


@test
def an_office_whose_commune_was_merged_keeps_its_records_and_names_who_took_over():
    with data_folder() as data:
        imports(data, DECREE)
        with running(data) as s:
            made = s.country.birth(3)
            made["child"]["birth"]["place"] = "04990303"
            refused = s.family().declare(new_case(OTHER, made, "km"))
            equal((refused.status, refused.json()["code"]), (410, "office_closed"), refused)
            check("new cases go to khm/04/0499/049903" in refused.json()["detail"], refused)
            equal(s.family().declare(new_case("khm/04/0499/049903", made, "km")).status, 201)
            names = {o["scope"]: o["name"]["latin"] for o in s.family().get("/api/v1/offices?scope=khm/04/0499").json()["offices"]}
            check("Kumru Chas" in names[COMMUNE] and "Kumru Thmei" in names[OTHER], names)


@test
def the_real_gazetteer_is_imported_whole_and_once():
    file = os.environ.get("CIVIS_GAZETTEER")
    if not file:
        raise Skip("CIVIS_GAZETTEER names no list")
    with data_folder() as data:
        began = time.time()
        said = civis("places", "import", file, "--data", data).stdout
        print(f"# {said.strip()} in {time.time() - began:.1f} s")
        check(" 0 places and 0 offices" in civis("places", "import", file, "--data", data, "--plan").stdout)


# ---- numbers ----

def months_ago(n):
    today = local_today("khm")
    month = today.year * 12 + today.month - 1 - n
    return f"{month // 12:04}-{month % 12 + 1:02}"


LAST = months_ago(1)
OTHER = COMMUNE[:-1] + "2"


def counted(data, *rows):
    """Counters as a month of work would have raised them: (office, month, name, sex, n)."""
    stored.change(data, *(["INSERT INTO counter (office, month, name, sex, n) VALUES (?1, ?2, ?3, ?4, ?5)", *row] for row in rows))


def numbers(server, who="admin", **query):
    answer = server.officer(who).get("/api/v1/counts?" + "&".join(f"{n}={v}" for n, v in query.items()))
    equal(answer.status, 200, answer)
    return answer.json()["rows"]


@test
def an_office_reads_its_month_and_small_numbers_stay_hidden():
    with data_folder() as data:
        counted(data, (COMMUNE, LAST, "declared", "f", 12), (COMMUNE, LAST, "declared", "m", 9), (OTHER, LAST, "declared", "m", 30),
                (COMMUNE, LAST, "refused", "f", 2), (OTHER, LAST, "refused", "f", 14), (OTHER, months_ago(2), "declared", "m", 7))
        with running(data) as s:
            mine = numbers(s, "registrar")[0]
            equal((mine["office"], mine["from"], mine["counts"]["declared"], mine["counts"]["notified"]), (COMMUNE, LAST, 21, 0))
            equal(mine["counts"]["refused"], None)
            district = {(r["office"], r["part"]): r["counts"] for r in numbers(s, "verifier")}
            equal(district[(COMMUNE[:11], "all")]["refused"], 16)
            # 16 less 14 would give the 2 away, so the 14 is hidden as well.
            equal((district[(COMMUNE, "all")]["refused"], district[(OTHER, "all")]["refused"]), (None, None))
            equal(district[(OTHER, "all")]["declared"], 30)
            two = numbers(s, "registrar2", **{"from": months_ago(2), "by": "month"})
            equal([r["counts"]["declared"] for r in two], [37, 7, 30])


@test
def sexes_are_told_of_provinces_and_lateness_of_every_month():
    with data_folder() as data:
        counted(data, (COMMUNE, LAST, "declared", "f", 12), (COMMUNE, LAST, "declared", "m", 9),
                (COMMUNE, LAST, "registered_on_time", "f", 8), (COMMUNE, LAST, "registered_late", "f", 3),
                (COMMUNE, LAST, "handed_over", "f", 6), (COMMUNE, LAST, "days_0_7", "-", 6))
        with running(data) as s:
            rows = {r.get("sex"): r["counts"] for r in numbers(s, office="khm/04", by="sex")}
            equal((rows["f"]["declared"], rows["m"]["declared"], rows["u"]["declared"]), (12, 9, 0))
            refused = s.officer("registrar").get("/api/v1/counts?by=sex")
            equal(refused.status, 422, refused)
            country = numbers(s)[0]["counts"]
            equal((country["registered_on_time"], country["registered_late"]), (8, None))
            equal((country["registered"], country["uncollected"]), ({"at_least": 8}, None))
            equal((country["handed_over"], country["days_0_7"]), (6, 6))


@test
def what_is_fetched_with_a_code_was_handed_over_once():
    with data_folder() as data, running(data) as s:
        official, cases = s.officer("official"), [s.register(seed) for seed in range(1, 8)]
        for case in cases[:-1]:  # the last is handed over at the counter
            s.receipt(case["act_id"])
            code = official.post(f"/api/v1/acts/{case['act_id']}/claim-codes", {}).json()["code"]
            equal([s.family().post("/api/v1/claims", {"code": code}).status for _ in range(2)], [200, 200])
        # Two codes for the same certificate, and a copy at the counter afterwards, are no second hand-over.
        code = official.post(f"/api/v1/acts/{cases[0]['act_id']}/claim-codes", {}).json()["code"]
        equal(s.family().post("/api/v1/claims", {"code": code}).status, 200)
        s.receipt(cases[-1]["act_id"])
        equal(official.get(f"/api/v1/acts/{cases[-1]['act_id']}/certificate.pdf").status, 200)
        handed = {"details": {"name": "MOTHER", "relation": "parent", "identified_by": "known"}}
        for case in cases[1], cases[-1]:
            moved = official.move(case["id"], "hand_over", case["version"], handed)
            equal(moved.status, 200, moved)
        stored.change(data, ["UPDATE counter SET month = ?1", LAST])
        told = numbers(s)[0]["counts"]
        equal([told[n] for n in ("registered", "handed_over", "days_0_7", "uncollected")], [7, 7, 7, 0])


@test
def what_a_counter_is_of_is_told_by_the_move_that_raises_it_and_not_by_its_name():
    with data_folder("zed") as data:
        counted(data, ("zed/A", LAST, "written_prompt", "-", 12), ("zed/A", LAST, "written_tardy", "-", 9), ("zed/A", LAST, "given", "-", 7))
        with running(data) as s:
            told = numbers(s, office="zed/A")[0]["counts"]
            equal((told["written_prompt"], told["registered"], told["uncollected"]), (12, 21, 14))


@test
def numbers_are_of_months_that_are_over_and_the_same_for_everybody():
    with data_folder() as data, running(data) as s:
        s.declare(1)
        for query, status in (("from=" + months_ago(0) + "&to=" + months_ago(0), 422), ("from=2020-01", 422), ("to=2026-13", 422),
                              ("from=" + LAST + "&to=" + months_ago(2), 422), ("by=village", 422), ("format=xml", 422),
                              ("office=khm", 200), ("office=" + OTHER, 200), ("office=" + COMMUNE, 200), ("office=khm/nowhere", 404)):
            equal(s.officer("registrar").get("/api/v1/counts?" + query).status, status, query)
        for query, wrong in (("from=2026-01-01", {"?from": "not_a_month"}), ("to=2026-13", {"?to": "not_a_month"}),
                             ("to=" + months_ago(0), {"?to": "month_not_over"}),
                             ("from=" + months_ago(0), {"?from": "month_not_over"}),
                             ("from=" + LAST + "&to=" + months_ago(2), {"?to": "before_other_date"}), ("from=1999-01", {"?from": "too_many"})):
            answer = s.officer("registrar").get("/api/v1/counts?" + query)
            equal({e["pointer"]: e["code"] for e in answer.json()["errors"]}, wrong, query)
        for query in "", "office=" + COMMUNE, "by=sex":
            told = s.family().get("/api/v1/counts?" + query)
            equal((told.status, told.body), (200, s.officer("admin").get("/api/v1/counts?" + query).body), query)
        equal(numbers(s, "auditor", office=COMMUNE)[0]["counts"]["declared"], 0)


@test
def the_same_numbers_come_as_a_table_and_for_a_monitor():
    with data_folder() as data:
        counted(data, (COMMUNE, LAST, "declared", "f", 12), (COMMUNE, LAST, "returned", "f", 3))
        with running(data) as s:
            answer = s.officer("registrar").get("/api/v1/counts?format=csv")
            rows = [r for r in csv.DictReader(io.StringIO(answer.body.decode())) if r["part"] == "all" and r["office"] == COMMUNE]
            told = {r["counter"]: (r["value"], r["exact"]) for r in rows}
            equal((told["declared"], told["returned"]), (("12", "true"), ("", "false")))
            text = s.officer("registrar").get("/api/v1/counts?format=openmetrics").body.decode()
            check(f'civis_counts{{office="{COMMUNE}",part="all",from="{LAST}",to="{LAST}",sex="",counter="declared",exact="true"}} 12\n'
                  in text, text)
            check('counter="returned"' not in text and text.endswith("# EOF\n"), text)


if __name__ == "__main__":
    run_tests(sys.argv[1:])
