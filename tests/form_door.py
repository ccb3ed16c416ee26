"""The lines of a kit through form.html in a real browser: levels chosen by their code, numbers typed."""

import form_example
from kit_doors import advised
from opened import opened

from riskmodel.exports.form_page import form_page

DAY, AT_A_TIME = "2027-03-01", 1000
ASKED = f"cases => cases.map(one => riskmodelForm.answer(...one, '{DAY}', 'sv'))"


def by_form(release, lines, folder, *, browser):
    """Points, answer and reason that the form shows to `lines`, by case; of what it can't read the questions."""
    path = folder / "form.html"
    path.write_bytes(form_page(opened(form_example.sealed(release.raw))))
    context, found = browser.new_context(offline=True), []
    page = context.new_page()
    page.clock.set_fixed_time(f"{DAY}T12:00:00")
    page.goto(path.as_uri())
    for start in range(0, len(lines), AT_A_TIME):
        cases = [[line["month"], in_form(release, line)] for line in lines[start : start + AT_A_TIME]]
        found += page.evaluate(ASKED, cases)
    context.close()
    return {line["case"]: _shown(one) for line, one in zip(lines, found, strict=True)}


def _shown(found):
    if found["unread"]:
        return sorted(found["unread"])
    return found["told"]["points"], found["told"]["answer"], found["told"]["reason"]


def shown(line):
    """What the form must show to `line`."""
    points, *rest = advised(line)
    if points == "unknown_answer":
        return sorted(line["refusal"]["items"])
    _, answer, refusal = rest
    return points, answer, refusal and refusal[0]


def in_form(release, line):
    """A line of the kit as it is put into the form; None where it can't be."""
    if line["code"] is None:
        return None
    given = {}
    for question in release.landmark(line["month"]).questions:
        typed = line["answers"].get(question.id)
        if question.numbers is not None and isinstance(typed, str | int | float) and not isinstance(typed, bool):
            given[question.id] = typed
        else:
            given[question.id] = line["code"][question.id]
    return given
