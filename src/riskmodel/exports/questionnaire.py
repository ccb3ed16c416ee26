"""A table of points as a FHIR R4 Questionnaire that says itself how the points are added. Standard library only.

Every question is a choice of codes, numbers too: a runtime that is handed anything else has no points to give. The
adding is FHIRPath with every point in sight, so that an engine needs nothing but the answers. An expression gives {}
(nothing) wherever it does not know: the sum of anything and nothing is nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from riskmodel.exports.coded import TEXTS, Coded, CodedQuestion, CodedTable, is_required
from riskmodel.ground.files import canonical_json
from riskmodel.ground.words import LANGUAGES, Text
from riskmodel.instrument.pairs import JOINT
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.item import Question
from riskmodel.release.landmark import RARITY_LIMIT, Landmark
from riskmodel.release.record import Part, Release

FHIR, SDC = "http://hl7.org/fhir/StructureDefinition", "http://hl7.org/fhir/uv/sdc/StructureDefinition"
WEIGHTS = (f"{FHIR}/ordinalValue", f"{FHIR}/itemWeight")  # of R4, and what has come instead of it
OUTSIDE = "outside"  # the answer to a number question that has no points; digits are never this
# no question's id holds a hyphen
RESULT, POINTS, UNUSUAL, RISK = "result-group", "result-points", "result-unusual", "result-risk"
NOTHING = "{}"  # in FHIRPath


def questionnaire_files(coded: Coded) -> dict[str, bytes]:
    """A questionnaire for each table of points, name to content."""
    return {
        f"questionnaire-{table.landmark.month}.json": canonical_json(questionnaire(table)) for table in coded.tables
    }


def questionnaire(table: CodedTable) -> dict[str, object]:
    """The questionnaire for one table of points."""
    release, landmark = table.release, table.landmark
    release_id = release.id or "candidate"
    named = f"riskmodel:{release.equation_sha256}:{release_id}:{landmark.month}"
    url = f"urn:uuid:{uuid5(NAMESPACE_URL, named)}"
    parts = (part for part in release.parts if any(one.part == part.id for one in landmark.questions))
    return {
        "resourceType": "Questionnaire",
        "id": f"riskmodel-{release_id}-month-{landmark.month}",
        "url": url,
        "version": release_id,
        "name": f"RiskmodelMonth{landmark.month}",
        **_said("title", table.title),
        **_said("description", table.description),
        **_publishing(release),
        "language": "sv",
        "experimental": release.research_only,
        "subjectType": ["Patient"],  # FHIR's word for the person a response is about
        "jurisdiction": [{"coding": [{"system": "urn:iso:std:iso:3166", "code": "SE"}]}],
        "extension": [_variable(name, told) for name, told in _variables(table, url)],
        "item": [*(_part(table, part, url) for part in parts), _results(release, landmark)],
    }


def _publishing(release: Release) -> dict[str, object]:
    publication = release.publication
    if publication is None:
        return {"status": "draft"}
    return {
        "status": "active",
        "date": publication.date,
        "publisher": ", ".join(municipality.name for municipality in release.municipalities),
        "effectivePeriod": {"start": publication.valid_from, "end": publication.valid_until},
    }


def _variables(table: CodedTable, url: str) -> Iterator[tuple[str, str]]:
    """The code of every question, points and rarity of every item, and both sums; each rests on those before."""
    landmark, answers = table.landmark, {}
    for place, question in enumerate(landmark.questions, start=1):
        answers[question.id] = f"%answer{place}"
        yield f"answer{place}", the_code(question.id, _system(url, question))
    for place, item in enumerate(landmark.items, start=1):
        code = joined([answers[question.id] for question in item.questions], JOINT)
        worth = {JOINT.join(codes): own for codes, own in table.worth[item.id].items()}
        yield f"points{place}", looked_up(code, {codes: own.points for codes, own in worth.items()})
        yield f"rarity{place}", looked_up(code, {codes: own.rarity for codes, own in worth.items()})
    yield "points", _sum_of_points(landmark)
    places = range(1, len(landmark.items) + 1)
    yield "rarity", summed([str(table.rarity.mean), *(f"%rarity{place}" for place in places)])


def _part(table: CodedTable, part: Part, url: str) -> dict[str, object]:
    asked = [one for one in table.questions if one.question.part == part.id]
    weighs = not any(item.of for item in table.landmark.items)  # a pair's options weigh nothing alone
    return {
        "linkId": f"part-{part.id}",
        "type": "group",
        **_said("text", Text(f"{part.text.sv} ({part.who.sv})", f"{part.text.en} ({part.who.en})")),
        "item": [_question(one, url, weighs=weighs) for one in asked],
    }


def _question(coded: CodedQuestion, url: str, *, weighs: bool) -> dict[str, object]:
    question, known, options = coded.question, coded.answers, []
    for code, text in _options(coded):
        coding = {"system": _system(url, question), "code": code, **_said("display", text)}
        weight = question.points_of(known[code]) if weighs and code in known else None
        scores = [] if weight is None else [{"url": score, "valueDecimal": weight} for score in WEIGHTS]
        chosen = {"initialSelected": True} if code == NO_ANSWER else {}
        options.append({**({"extension": scores} if scores else {}), "valueCoding": coding, **chosen})
    return {
        "linkId": question.id,
        "type": "choice",
        **_said("text", question.text),
        "required": True,
        "repeats": False,
        "answerOption": options,
    }


def _options(coded: CodedQuestion) -> Iterator[tuple[str, Text]]:
    """Everything that can be chosen, with its words: what has points, what has a way of its own, and no answer."""
    if coded.outside is None:
        yield from ((level.code, level.text) for level in coded.question.levels)
    else:
        yield from ((code, text) for code, text in coded.shown.items() if coded.answers[code] is not None)
        yield OUTSIDE, coded.outside
    if not is_required(coded.question):
        yield NO_ANSWER, TEXTS["no_answer"]


def _sum_of_points(landmark: Landmark) -> str:
    return summed(f"%points{place}" for place in range(1, len(landmark.items) + 1))


def _results(release: Release, landmark: Landmark) -> dict[str, object]:
    risk = looked_up_number("%points", landmark.risk.by_sum)
    told = (
        (POINTS, "integer", TEXTS["points"], _sum_of_points(landmark)),
        (UNUSUAL, "boolean", TEXTS["unusual"], f"%rarity > {RARITY_LIMIT}"),
        (RISK, "decimal", _risk_of_what(release), f"iif(%rarity <= {RARITY_LIMIT}, {risk}, {NOTHING})"),
    )
    return {
        "linkId": RESULT,
        "type": "group",
        **_said("text", TEXTS["result"]),
        "item": [
            {
                "linkId": link_id,
                "type": kind,
                **_said("text", text),
                "readOnly": True,
                "extension": [_expression(f"{SDC}/sdc-questionnaire-calculatedExpression", expression)],
            }
            for link_id, kind, text, expression in told
        ],
    }


def _risk_of_what(release: Release) -> Text:
    outcome = release.outcome.text
    return Text(*(TEXTS.say("risk", language, outcome=outcome.said(language)) for language in LANGUAGES))


def _system(url: str, question: Question) -> str:
    """Whose codes its answers are: this table's, this question's, so that no other's are taken for them."""
    return f"{url}#{question.id}"


def _variable(name: str, expression: str) -> dict[str, object]:
    return _expression(f"{FHIR}/variable", expression, name=name)


def _expression(url: str, expression: str, **named: str) -> dict[str, object]:
    return {"url": url, "valueExpression": {**named, "language": "text/fhirpath", "expression": expression}}


def _said(key: str, text: Text) -> dict[str, object]:
    """A text in Swedish, with its translation beside it as FHIR has one."""
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text.en}]
    return {key: text.sv, f"_{key}": {"extension": [{"url": f"{FHIR}/translation", "extension": parts}]}}


def quoted(text: str) -> str:
    """`text` as FHIRPath writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def the_code(link_id: str, system: str) -> str:
    """The code that is answered to the item `link_id`: nothing unless it has one answer, a coding of `system`."""
    answers = f"%resource.repeat(item).where(linkId = {quoted(link_id)}).answer"
    coded = f"{answers}.value.ofType(Coding).where(system = {quoted(system)}).code"
    return f"iif({answers}.count() = 1, {coded}, {NOTHING})"


def joined(codes: Iterable[str], mark: str) -> str:
    """Codes as one, with `mark` between; where one is nothing, that is a code which no table knows."""
    return f" & {quoted(mark)} & ".join(codes)


def looked_up(code: str, values: Mapping[str, int]) -> str:
    """What `values` has for the expression `code`: the codes of one value stand together, any other is nothing."""
    by_value: dict[int, list[str]] = {}
    for known, value in values.items():
        by_value.setdefault(value, []).append(known)
    found = NOTHING
    for value, codes in reversed(by_value.items()):
        found = f"iif($this in ({' | '.join(map(quoted, codes))}), {value}, {found})"
    return f"({code}).select({found})"


def looked_up_number(key: str, values: Mapping[int, float]) -> str:
    """What `values` has for the whole number `key`, to its last digit; any other is nothing.

    They stand in one text, |first:value|next:value|, as a chain of a hundred conditions is more than some engines take.
    """
    known = "".join(f"|{number}:{Decimal(repr(value)):f}" for number, value in values.items())
    mark = f"'|' & {key}.toString() & ':'"
    found = f"{quoted(known + '|')}.where(contains({mark})).select(substring(indexOf({mark}) + 1))"
    return f"{found}.select(substring(indexOf(':') + 1)).select(substring(0, indexOf('|')).toDecimal())"


def summed(terms: Iterable[str]) -> str:
    """All of them together."""
    return " + ".join(terms)
