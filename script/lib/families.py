# SPDX-License-Identifier: MPL-2.0
"""Invented families, with names that are plausible in Khmer and in Burmese.

No real person's data: names are put together at random from common name words,
so that any likeness to a living person is chance.
"""
import datetime
import random

KHMER_FAMILY = [("សុខ", "SOK"), ("ចាន់", "CHAN"), ("គឹម", "KIM"), ("លី", "LY"), ("ហេង", "HENG"), ("ជា", "CHEA"),
                ("ម៉ៅ", "MAO"), ("នួន", "NUON"), ("ប៉ែន", "PEN"), ("រស់", "ROS"), ("សេង", "SENG"), ("តាន់", "TAN"),
                ("យិន", "YIN"), ("ឈឹម", "CHHIM"), ("កែវ", "KEO"), ("ម៉ម", "MAM"), ("ព្រំ", "PROM"), ("ស៊ិន", "SIN")]
KHMER_GIRL = [("សុភា", "SOPHEA"), ("ចាន់ថា", "CHANTHA"), ("ស្រីមុំ", "SREYMOM"), ("បុប្ផា", "BOPHA"),
              ("កល្យាណ", "KALYAN"), ("រតនា", "RATANA"), ("សុគន្ធា", "SOKUNTHEA"), ("ធីតា", "THIDA"),
              ("ចន្ទ្រា", "CHANTREA"), ("ម៉ាលី", "MALY"), ("ស្រីពៅ", "SREYPOV"), ("វណ្ណា", "VANNA")]
KHMER_BOY = [("វិបុល", "VIBOL"), ("សុវណ្ណ", "SOVANN"), ("ពិសិដ្ឋ", "PISETH"), ("រិទ្ធី", "RITHY"),
             ("ដារ៉ា", "DARA"), ("វុទ្ធី", "VUTHY"), ("សំណាង", "SAMNANG"), ("បូរ៉ា", "BORA"),
             ("វីរៈ", "VIREAK"), ("ចាន់ដារា", "CHANDARA"), ("មករា", "MAKARA"), ("សុភ័ក្រ", "SOPHEAK")]
# A Burmese name is one whole: no family name stands in it.
BURMESE_GIRL = [("မြမြအေး", "MYA MYA AYE"), ("သီတာဝင်း", "THIDA WIN"), ("ခင်စန္ဒာ", "KHIN SANDAR"),
                ("နှင်းဝေလွင်", "HNIN WAI LWIN"), ("စုစုမွန်", "SU SU MON"), ("ယဉ်ယဉ်ထွေး", "YIN YIN HTWE")]
BURMESE_BOY = [("အောင်ကျော်မိုး", "AUNG KYAW MOE"), ("ဇော်မင်းထွန်း", "ZAW MIN TUN"), ("သန့်ဇင်ဦး", "THANT ZIN OO"),
               ("ကျော်စွာလင်း", "KYAW SWAR LIN"), ("ဝေယံဖြိုး", "WAI YAN PHYO"), ("မျိုးသီဟ", "MYO THIHA")]


def name(native, latin):
    return {"native": native, "latin": latin}


def khmer(chance, sex):
    family = chance.choice(KHMER_FAMILY)
    given = chance.choice(KHMER_GIRL if sex == "female" else KHMER_BOY)
    return name(f"{family[0]} {given[0]}", f"{family[1]} {given[1]}")


def burmese(chance, sex):
    return name(*chance.choice(BURMESE_GIRL if sex == "female" else BURMESE_BOY))


def declaration(seed, places, today, country="khm"):
    """One birth: the same seed gives the same family. places: codes of villages; today: a date."""
    chance = random.Random(f"civis family {seed}")
    person = khmer if country == "khm" else burmese
    sex = chance.choice(["female", "male"])
    born = today - datetime.timedelta(days=chance.randint(1, 25))
    mother_born = born - datetime.timedelta(days=chance.randint(19 * 365, 38 * 365))
    father_born = born - datetime.timedelta(days=chance.randint(20 * 365, 45 * 365))
    mother, father = person(chance, "female"), person(chance, "male")
    child = person(chance, sex)
    if country == "khm":
        # A Khmer child takes the father's family name, if the family so chooses.
        for script in ("native", "latin"):
            child[script] = father[script].split(" ")[0] + " " + child[script].split(" ", 1)[1]
    result = {
        "child": {"name": child, "naming": "named", "sex": sex, "live_born": True,
                  "birth": {"date": born.isoformat(), "time": f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
                            "place": chance.choice(places)}},
        "mother": {"name": mother, "birth_date": {"value": mother_born.isoformat(), "precision": "day"}},
        "father": {"name": father, "birth_date": {"value": str(father_born.year), "precision": "year"},
                   "basis": "marriage"},
        "informant": {"name": mother, "relation": "mother", "latin_confirmed": True},
        # Who declared it heard the draft and signed it.
        "evidence": [{"kind": "birth_notice"}, {"kind": "signed_draft"}],
    }
    if chance.random() < 0.1:
        del result["father"]
    if chance.random() < 0.05:
        result["child"]["name"], result["child"]["naming"] = None, "not_yet_named"
    return result
