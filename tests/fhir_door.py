"""The lines of a kit through a FHIR questionnaire, as an engine for it that nobody here wrote counts them."""

import json

from foreign_node import node_says

from riskmodel.exports.coded import CodedTable
from riskmodel.exports.questionnaire import questionnaire
from riskmodel.instrument.records import NO_ANSWER

NOBODY = "the FHIR questionnaires were validated and counted by nobody else's software"


def by_fhir(release, lines):
    """What the questionnaires give to the codes of `lines`, by case; None where they give nothing."""
    months = sorted({line["month"] for line in lines})
    forms = [questionnaire(CodedTable(release, release.landmark(month))) for month in months]
    of_month = [[line for line in lines if line["month"] == month] for month in months]
    responses = [[response(form, handed(line)) for line in some] for form, some in zip(forms, of_month, strict=True)]
    results = says(questionnaires=forms, responses=responses)["results"]
    return {
        line["case"]: dict(zip(("points", "unusual", "risk"), (one[0] if one else None for one in found), strict=False))
        for some, told in zip(of_month, results, strict=True)
        for line, found in zip(some, told, strict=True)
    }


def says(*, resources=(), questionnaires=(), responses=()):
    given = {"resources": resources, "questionnaires": questionnaires, "responses": responses}
    return node_says("questionnaires.js", given, else_nobody=NOBODY)


def handed(line):
    """The codes of a line as a renderer has them: a number in its shortest spelling, rubbish as some text."""
    return {name: _handed(code) for name, code in line["code"].items()}


def _handed(code):
    if code is None:
        return NO_ANSWER
    is_number = isinstance(code, int | float) and not isinstance(code, bool)
    return f"{code:.10g}" if is_number else code if isinstance(code, str) else json.dumps(code)


def asked(form):
    """Every question of a questionnaire, by its link."""
    return {item["linkId"]: item for group in form["item"] for item in group["item"] if item["type"] == "choice"}


def response(form, codes, instead=None):
    """The answers `codes`, in the form's groups as its renderers keep them.

    instead: by question, what makes other answers of its coding.
    """
    make = instead or {}
    groups = []
    for group in form["item"]:
        items = []
        for item in group["item"]:
            name = item["linkId"]
            if name in codes:
                coding = {"system": item["answerOption"][0]["valueCoding"]["system"], "code": codes[name]}
                answers = make[name](coding) if name in make else [{"valueCoding": coding}]
                items += [{"linkId": name, "answer": answers}] if answers else []
        groups.append({"linkId": group["linkId"], "item": items})
    about = {"resourceType": "QuestionnaireResponse", "questionnaire": form["url"], "status": "completed"}
    return about | {"item": groups}
