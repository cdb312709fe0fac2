# SPDX-License-Identifier: MPL-2.0
"""What is declared of each kind of event, as the countries' forms ask it: whole, plausible and invented."""
import copy

# Kept in the case alone, or apart for statistics: an act that restates a birth does not have them.
IN_THE_CASE_ALONE = ("late_reason", "notice", "book", "statistics")
SIGNED = [{"kind": "signed_draft"}]
REQUESTER = {"name": {"latin": "ANYBODY OF THE FAMILY"}, "relation": "parent"}


def notified(birth):
    """What a hospital says: that a child was born, and nothing of the mother but whether she may be visited."""
    child = {k: v for k, v in birth["child"].items() if k in ("sex", "live_born", "birth")}
    return {"child": copy.deepcopy(child), "notice": {"visit_consent": True}, "evidence": [{"kind": "birth_notice"}]}


def restated(birth, kind, informant):
    """The birth as it stands, for an act of this kind that restates it."""
    made = {k: copy.deepcopy(v) for k, v in birth.items() if k not in IN_THE_CASE_ALONE}
    made.get("informant", {}).pop("draft", None)
    made[kind] = {"requester": {"name": copy.deepcopy(informant), "relation": "parent"}, "evidence": list(SIGNED)}
    if kind == "correction":
        made[kind].update(reason="misspelling", basis="evidence")
    return made


def foundling(birth, found_on):
    """A child of whom nobody knows more than who found it, where and when."""
    child, finder = copy.deepcopy(birth["child"]), copy.deepcopy(birth["mother"]["name"])
    child["birth"].pop("time", None)
    return {"child": child,
            "finding": {"date": found_on, "place": child["birth"]["place"], "finder": {"name": finder},
                        "date_basis": "medical", "name_given_by": "finder"},
            "informant": {"name": finder, "relation": "finder", "latin_confirmed": True},
            "evidence": [{"kind": "finder_report"}, {"kind": "medical_estimate"}, *SIGNED]}


def foetal_death(birth):
    return {"event": {"date": birth["child"]["birth"]["date"], "place": birth["child"]["birth"]["place"]},
            "informant": {"name": copy.deepcopy(birth["mother"]["name"]), "relation": "midwife"},
            "evidence": [{"kind": "midwife_statement"}], "statistics": {"gestation": 26, "weight": 870}}


def death(birth, day):
    """Where the child was born, if that is a place of the country."""
    return {"death": {"date": day, **{k: v for k, v in birth["child"]["birth"].items() if k == "place"}},
            "informant": {"name": copy.deepcopy(birth["informant"]["name"]), "relation": "parent"},
            "evidence": [{"kind": "death_notice"}, *SIGNED]}


def cancellation(birth, day):
    return {"cancellation": {"date": day, "reason": "double_entry", "explanation": "The child stands in the book twice."},
            "requester": {"name": copy.deepcopy(birth["informant"]["name"]), "relation": "parent"},
            "evidence": [{"kind": "witness_statement"}]}


# ---- the invented country, which knows neither births nor names of two parents

def arrival(day, number):
    return {"who": "Άννα Πέτρου", "who_latin": "ANNA PETROU", "landed": day, "at": "A001",
            "born": {"value": str(1980 + number % 20), "precision": "year"}, "kin": "Νίκος Πέτρου",
            "shown": [{"kind": "feather"}]}


def renaming(landed):
    return {**copy.deepcopy({k: v for k, v in landed.items() if k != "glimpse"}), "wish": {"why": "A new life"}}


def leaving(day):
    return {"left": day, "shore": "west"}
