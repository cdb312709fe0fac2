# SPDX-License-Identifier: MPL-2.0
"""Aids for whoever fills in a form: a day in the country's own words and calendar, and how a name might be spelt."""
import os
import sys
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import check, equal, run_tests, server, test  # noqa: E402

S = None  # the Cambodian server
M = None  # the Burmese one


def day(s, date):
    return s.family().get(f"/api/v1/calendar/{quote(date)}")


def proposals(s, text):
    return s.family().post("/api/v1/romanisation", {"text": text})


# ---- a day

@test
def a_day_is_told_in_figures_in_words_and_by_the_khmer_moon():
    told = day(S, "2022-05-15").json()
    equal(told["texts"]["km"], {"figures": "ថ្ងៃទី១៥ ខែឧសភា ឆ្នាំ២០២២", "words": "ថ្ងៃទីដប់ប្រាំ ខែឧសភា ឆ្នាំពីរពាន់ម្ភៃពីរ",
                                "lunar": "ថ្ងៃអាទិត្យ ១៥កើត ខែពិសាខ ឆ្នាំខាល ចត្វាស័ក ពុទ្ធសករាជ ២៥៦៥"})
    moon = told["lunar"]
    equal([moon[k] for k in ("calendar", "buddhist_year", "month", "day", "phase", "animal", "sak")],
          ["khmer", 2565, 6, 15, "full_moon", 2, 4])


@test
def the_burmese_moon_has_months_and_a_new_years_day_of_its_own():
    told = day(M, "2020-08-03").json()
    check("ဒုတိယဝါဆိုလပြည့်နေ့" in told["texts"]["my"]["lunar"], told)
    equal(told["texts"]["my"]["words"], "နှစ်ထောင့်နှစ်ဆယ်ခုနှစ်၊ ဩဂုတ်လ၊ သုံးရက်")
    equal([told["lunar"][k] for k in ("calendar", "year", "leap_month", "animal")], ["burmese", 1382, True, None])


@test
def a_day_may_be_typed_in_the_countrys_numerals():
    equal(day(S, "២០២២-០៥-១៥").json(), day(S, "2022-05-15").json())
    equal(day(M, "၂၀၂၀-၀၈-၀၃").json(), day(M, "2020-08-03").json())


@test
def outside_the_trusted_years_the_moon_is_silent():
    for date in ("1899-12-31", "2050-01-01"):
        told = day(S, date).json()
        equal([told["lunar"], told["texts"]["km"]["lunar"]], [None, None], told)
        check(told["texts"]["km"]["words"])


@test
def what_is_no_day_is_refused():
    for date in ("2022-02-30", "2022-2-3", "yesterday", "0000-01-01", "2022-05-15x", "9" * 80):
        answer = day(S, date)
        equal([answer.status, answer.json()["errors"][0]["code"]], [422, "not_a_date"], answer)


# ---- a name

@test
def spellings_are_proposed_and_never_more():
    answer = proposals(S, "លឹម ស្រីពៅ")
    equal([answer.status, answer.json()["proposals"][0]], [200, "Lim Sreypov"], answer)
    check(len(answer.json()["proposals"]) <= 5)
    equal(answer.headers["cache-control"], "no-store")
    equal(proposals(M, "ဇော်လင်းထက်").json()["proposals"], ["Zaw Lin Htet"])


@test
def a_name_that_cannot_be_read_has_no_proposal():
    for text in ("Sok Dara", "ဇော်လင်းထက်", "សុខ ៥", "…"):
        equal(proposals(S, text).json(), {"proposals": []})


@test
def a_wrong_question_is_told_what_is_wrong():
    client = S.officer("official")
    for body, code in (({}, "required"), ({"text": 5}, "wrong_type"), ({"text": "ក" * 100}, "too_long"),
                       ({"text": "a\u0007"}, "bad_text"), ({"text": "ក", "save": True}, "unknown_field")):
        answer = client.post("/api/v1/romanisation", body)
        equal([answer.status, answer.json()["errors"][0]["code"]], [422, code], answer)


@test
def a_name_never_stands_in_an_address():
    equal(S.family().get("/api/v1/romanisation?text=" + quote("សុខ")).status, 405)


@test
def a_declaration_without_the_latin_form_is_not_filled_in():
    def native_only(declaration):
        declaration["child"]["name"] = {"native": "សុខ ដារ៉ា"}
    made = S.declare(1, change=native_only)
    opened = S.officer("official").get(f"/api/v1/cases/{made['id']}").json()
    equal(opened["declaration"]["child"]["name"], {"native": "សុខ ដារ៉ា"})


def main():
    global S, M
    with server() as S, server("mmr") as M:
        run_tests(only=sys.argv[1:])


main()
