# SPDX-License-Identifier: MPL-2.0
"""The papers of the counter: who gets which, what stands on them and what never does."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import events  # noqa: E402
from harness import COMMUNE, Skip, check, equal, new_case, run_tests, server, test  # noqa: E402

S = None  # the server


def words(answer):
    """The text of a PDF, without spaces and the marks where lines may break."""
    check(answer.body[:5] == b"%PDF-", answer)
    if not shutil.which("pdftotext"):
        raise Skip("pdftotext is not installed")
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.body, capture_output=True, check=True).stdout
    return "".join(text.decode().replace("\u200b", "").split())


def has(page, text):
    return "".join(text.split()) in page


@test
def the_draft_is_read_before_it_is_signed():
    case = S.declare(61)
    child = case["declaration"]["child"]["name"]
    path = f"/api/v1/cases/{case['id']}/draft.pdf"
    answer = S.officer("official").get(path)
    equal(answer.status, 200, answer)
    page = words(answer)
    check(has(page, child["latin"]) and has(page, child["native"]) and case["tracking_code"] in page, page)
    english = words(S.officer("registrar").get(path + "?language=en"))
    check(has(english, "This is not a certificate") and has(english, "signature or thumbprint"), english)
    check(has(english, "Version of this notice"), english)
    equal(S.officer("official").get(path + "?language=fr").status, 422)
    equal(S.officer("official2").get(path).status, 404)  # another office's
    equal(S.family().get(path).status, 401)


@test
def the_slip_says_nothing_of_what_was_declared():
    case = S.declare(62, by=None)
    path, declared = f"/api/v1/cases/{case['id']}/slip.pdf", case["declaration"]
    answer = S.family().get(path, headers={"Tracking-Secret": case["tracking_secret"]})
    equal(answer.status, 200, answer)
    page = words(answer)
    check(case["tracking_code"] in page and case["tracking_secret"] not in page, page)
    for who in ("child", "mother"):
        for name in declared.get(who, {}).get("name", {}).values():
            check(not has(page, name), page)
    check(has(words(S.officer("official").get(path + "?language=en")), "Fee"), page)
    equal(S.family().get(path).status, 401)
    equal(S.family().get(path, headers={"Tracking-Secret": "x" * 30}).status, 404)
    equal(S.officer("official2").get(path).status, 404)


@test
def who_works_elsewhere_has_the_slip_of_what_they_may_open_and_that_is_a_look():
    def slip(who, case):
        return S.officer(who).get(f"/api/v1/cases/{case['id']}/slip.pdf").status
    case = S.register(60, by=None)
    equal([slip(who, case) for who in ("clerk", "clerk2", "official", "registrar", "verifier")], [403, 403, 200, 200, 200])
    notice = events.notified(S.country.birth(59))
    notice["notice"] = {"visit_consent": True}
    notice = new_case(COMMUNE, notice)
    equal(S.officer("clerk").declare(notice).status, 201)
    equal([slip(who, notice) for who in ("clerk", "clerk2", "official")], [200, 403, 200])
    looks = S.officer("registrar").get(f"/api/v1/people/{case['person_id']}/looks").json()["looks"]
    check(any(look["role"] == "district_verifier" and look["kind"] == "case" for look in looks), looks)


@test
def a_form_can_be_had_by_anyone_before_the_lights_go_out():
    anyone = S.family(language="km")
    first, again = anyone.get("/forms/birth.pdf"), anyone.get("/forms/birth.pdf")
    equal(first.status, 200, first)
    check(first.body == again.body)
    check(has(words(anyone.get("/forms/birth.pdf?language=en")), "Form to fill in by hand"))
    for wrong in ("/forms/birth", "/forms/nothing.pdf", "/forms/.pdf", "/forms/birth.pdf.exe"):
        equal(anyone.get(wrong).status, 404, wrong)


@test
def a_register_is_read_by_its_own_registrar_and_each_entry_is_a_look():
    named = [seed for seed in range(63, 99) if S.country.birth(seed)["child"].get("name")]
    made = {seed: S.register(seed) for seed in named[:2]}
    year = made[named[0]]["entry"]["year"]
    path = f"/api/v1/register-pages?office={COMMUNE}&register=B&year={year}&book=1&page=1&language=en"
    answer = S.officer("registrar").get(path)
    equal(answer.status, 200, answer)
    page = words(answer)
    for seed, case in made.items():
        check(has(page, S.country.birth(seed)["child"]["name"]["latin"]), page)
        looks = S.officer("registrar").get(f"/api/v1/people/{case['person_id']}/looks").json()["looks"]
        check(any(look["purpose"] == "register_page" for look in looks), looks)
    for name in ("registrar2", "verifier", "official"):
        equal(S.officer(name).get(path).status, 403, name)
    equal(S.officer("registrar").get(path.replace("&book=1", "")).status, 422)
    empty = S.officer("registrar").get(path.replace("page=1", "page=9"))
    check(has(words(empty), "no entry on this page"))


def main():
    global S
    with server() as S:
        run_tests(only=sys.argv[1:])


main()
