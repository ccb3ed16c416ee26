"""score-<month>.pmml: a table of points as a scorecard of PMML 4.4. Standard library only.

Software that reads PMML tends to give a number for whatever it is given. So every field is categorical and names all
that may be answered, whole numbers too; no answer is a code of its own; nothing asks whether an answer is missing. What
is not named matches nothing, whoever computes it: no points, and with them neither risk nor mark.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from riskmodel.ground.words import read_words
from riskmodel.instrument.records import NO_ANSWER, RECEIPTS_SO_FAR
from riskmodel.release.answers import (
    as_written,
    no_answer_spellings,
    read_answers,
    scored_numbers,
    shown_answer,
    silent_numbers,
)
from riskmodel.release.item import UNANSWERED, Code, Item, Question
from riskmodel.release.json_record import plain
from riskmodel.release.landmark import Landmark
from riskmodel.release.rarity import RARITY_LIMIT, Rarity
from riskmodel.release.record import Release

TEXTS = read_words(Path(__file__).parent / "texts" / "pmml.toml")
LANGUAGE = "sv"  # of what is shown
NAMESPACE, VERSION = "http://www.dmg.org/PMML-4_4", "4.4"
# no item's id begins with a capital, so that no two fields have one name
POINTS, UNUSUAL, RISK, REASON = "Points", "Unusual", "Risk", "Reason"
SUM, RARITY, USUAL_POINTS = "Sum", "Rarity", "UsualPoints"  # on the way there
REASONS_N = 3  # the items with most points above the average new case's
REFUSED = {"missingValueTreatment": "returnInvalid", "invalidValueTreatment": "returnInvalid"}
Given = Mapping[str, Code | None]  # what a field may hold, and the answer that it says
Row = tuple[tuple[str, ...], str]  # what some fields hold, and what follows from it


def pmml_files(release: Release) -> dict[str, bytes]:
    """A scorecard for each table of points, name to content."""
    tables = ((landmark, landmark.rarity) for landmark in release.landmarks)
    return {f"score-{table.month}.pmml": score_pmml(release, table, rarity) for table, rarity in tables if rarity}


def score_pmml(release: Release, landmark: Landmark, rarity: Rarity) -> bytes:
    """The scorecard of `landmark`: points, whether the case is unusual, its risk where it is not, and reasons."""
    given = {question.id: given_answers(release, question) for question in landmark.questions}
    root = Element("PMML", version=VERSION, xmlns=NAMESPACE)
    _header(root, release)
    _data_dictionary(root, landmark, given)
    _transformations(root, landmark, rarity, given)
    _scorecard(root, release, landmark, given)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def given_answers(release: Release, question: Question) -> Given:
    """What the field of `question` may hold, with the answer it says; whatever has no points is left out.

    Months with receipt so far have no code for no answer: nobody was ever scored without them.
    """
    answers: Iterable[Code] = question.answers
    silent = [] if question.derive == RECEIPTS_SO_FAR else list(filter(None, UNANSWERED))
    if question.numbers is not None:
        answers = scored_numbers(question, release.abstention)
        meant = silent_numbers(question, no_answer=no_answer_spellings(release, question))
        silent += [_shortest(number) for number in meant]
    return {**{field_value(question, answer): answer for answer in answers}, **dict.fromkeys(silent)}


def field_value(question: Question, answer: Code | None) -> str:
    """How a resolved answer is given to its field; a number as it is asked for, in its shortest spelling."""
    if answer is None:
        return NO_ANSWER
    return answer if isinstance(answer, str) else _shortest(as_written(question, answer))


def _shortest(number: float) -> str:
    return f"{number:.10g}"


def _header(root: Element, release: Release) -> None:
    towns = ", ".join(municipality.name for municipality in release.municipalities)
    header = SubElement(root, "Header", description=plain(f"{towns}: {release.outcome.text.said(LANGUAGE)}"))
    SubElement(header, "Application", name="riskmodel")
    notes = [TEXTS.say("given", LANGUAGE), TEXTS.say("no_points", LANGUAGE), TEXTS.say("one_person", LANGUAGE)]
    publication = release.publication
    if publication is None:
        notes.append(TEXTS.say("candidate", LANGUAGE))
    else:
        header.set("modelVersion", publication.id)
        days = {"first": publication.valid_from, "last": publication.valid_until}
        withdrawal = publication.contact.withdrawal if publication.contact else ""
        notes.append(TEXTS.say("valid", LANGUAGE, release=publication.id, withdrawal=withdrawal, **days))
    notes += [release.population.said(LANGUAGE), TEXTS.say("never", LANGUAGE)]
    notes += [use.said(LANGUAGE) for use in release.forbidden_uses]
    notes += [waiver.line for waiver in release.standing_waivers]
    for note in notes:
        SubElement(header, "Annotation").text = plain(note)


def _data_dictionary(root: Element, landmark: Landmark, given: Mapping[str, Given]) -> None:
    dictionary = SubElement(root, "DataDictionary", numberOfFields=str(len(landmark.questions)))
    for question in landmark.questions:
        field = SubElement(dictionary, "DataField", name=question.id, optype="categorical", dataType="string")
        field.set("displayName", plain(question.text.said(LANGUAGE)))
        for value, answer in given[question.id].items():
            one = SubElement(field, "Value", value=value)
            if answer is not None:
                one.set("displayValue", plain(shown_answer(question, answer).said(LANGUAGE)))


def _transformations(root: Element, landmark: Landmark, rarity: Rarity, given: Mapping[str, Given]) -> None:
    """Both answers to a pair as one field, how rare the answer to each item is, and how rare all of them are."""
    dictionary = SubElement(root, "TransformationDictionary")
    total = _number(rarity.mean)
    for item in landmark.items:
        if item.of:
            joint = SubElement(dictionary, "DerivedField", name=item.id, optype="categorical", dataType="string")
            joint.append(_table([question.id for question in item.of], _joint(item, given), kind="string"))
        shares, name = rarity.by_item[item.id], f"{RARITY}.{item.id}"
        rows = (((held,), str(shares[answer])) for held, answer in _answers(item, given).items())
        own = SubElement(dictionary, "DerivedField", name=name, optype="continuous", dataType="double")
        own.append(_table([item.id], rows, kind="double"))
        total = _apply("+", total, _field(name))
    SubElement(dictionary, "DerivedField", name=RARITY, optype="continuous", dataType="double").append(total)


def _scorecard(root: Element, release: Release, landmark: Landmark, given: Mapping[str, Given]) -> None:
    card = SubElement(root, "Scorecard", modelName=f"month-{landmark.month}", functionName="regression")
    reasons = {"useReasonCodes": "true", "reasonCodeAlgorithm": "pointsAbove", "baselineMethod": "mean"}
    card.attrib |= {"initialScore": "0", **reasons}
    schema = SubElement(card, "MiningSchema")
    for question in landmark.questions:
        SubElement(schema, "MiningField", name=question.id, usageType="active", **REFUSED)
    _output(card, landmark)
    characteristics = SubElement(card, "Characteristics")
    for item in landmark.items:
        _characteristic(characteristics, item, given)
    _verification(card, release, landmark)


def _output(card: Element, landmark: Landmark) -> None:
    """Points only where all items are known and the table of risks has the sum; a risk only where the case is usual."""
    sums = landmark.risk.sums
    has_points = _apply("and", _apply("isNotMissing", _field(RARITY)), _compared("greaterOrEqual", SUM, sums.start))
    has_points = _apply("and", has_points, _compared("lessOrEqual", SUM, sums.stop - 1))
    # a text, as software makes a missing truth value false
    mark = _apply("if", _compared("greaterThan", RARITY, RARITY_LIMIT), _said("true"), _said("false"))
    is_usual = _compared("lessOrEqual", RARITY, RARITY_LIMIT)
    output = SubElement(card, "Output")
    _told(output, SUM, feature="predictedValue", isFinalResult="false")
    _told(output, POINTS).append(_apply("if", has_points, _field(SUM)))
    _told(output, UNUSUAL, kind="string").append(_apply("if", _apply("isNotMissing", _field(POINTS)), mark))
    _told(output, USUAL_POINTS, isFinalResult="false").append(_apply("if", is_usual, _field(POINTS)))
    risks = (((str(points),), repr(risk)) for points, risk in landmark.risk.by_sum.items())
    _told(output, RISK).append(_table([USUAL_POINTS], risks, kind="double"))
    for rank in range(1, REASONS_N + 1):
        _told(output, f"{REASON}{rank}", kind="string", feature="reasonCode", rank=str(rank))


def _told(
    output: Element, name: str, *, kind: str = "double", feature: str = "transformedValue", **more: str
) -> Element:
    optype = "continuous" if kind == "double" else "categorical"
    about = {"name": name, "optype": optype, "dataType": kind, "feature": feature, **more}
    return SubElement(output, "OutputField", about)


def _characteristic(characteristics: Element, item: Item, given: Mapping[str, Given]) -> None:
    """The points of every answer; the reason says where they stand for none."""
    one = SubElement(characteristics, "Characteristic", name=item.id, reasonCode=item.id)
    one.set("baselineScore", repr(item.mean_points))
    for held, answer in _answers(item, given).items():
        attribute = SubElement(one, "Attribute", partialScore=str(item.points_of(answer)))
        if answer is None:
            attribute.set("reasonCode", f"{item.id}.{NO_ANSWER}")
        SubElement(attribute, "SimplePredicate", field=item.id, operator="equal", value=held)


def _verification(card: Element, release: Release, landmark: Landmark) -> None:
    """The release's own examples, by which the reader can try itself."""
    examples = [one for one in release.examples if one.landmark == landmark.month]
    if not examples:
        return
    checked = SubElement(card, "ModelVerification", recordCount=str(len(examples)))
    fields, table = SubElement(checked, "VerificationFields"), SubElement(checked, "InlineTable")
    for place, question in enumerate(landmark.questions):
        SubElement(fields, "VerificationField", field=question.id, column=f"of{place}")
    SubElement(fields, "VerificationField", field=POINTS, column="is")
    for example in examples:
        read = read_answers(release, landmark, example.answers)
        _row(table, [field_value(question, read[question.id]) for question in landmark.questions], str(example.sum))


def _answers(item: Item, given: Mapping[str, Given]) -> Given:
    """What the field of `item` may hold, with the answer that it says; of a pair, the codes of both."""
    if not item.of:
        return given[item.id]
    return {held: None if held == NO_ANSWER else held for _, held in _joint(item, given)}


def _joint(pair: Item, given: Mapping[str, Given]) -> Iterator[Row]:
    """Whatever the fields of a pair may hold, with what its own field then holds."""
    for values in product(*(given[question.id] for question in pair.of)):
        answers = {question.id: given[question.id][value] for question, value in zip(pair.of, values, strict=True)}
        yield values, field_value(pair, pair.given(answers))


def _table(fields: Iterable[str], rows: Iterable[Row], *, kind: str) -> Element:
    """What follows from what `fields` hold; nothing where no row has it."""
    table = Element("MapValues", outputColumn="is", dataType=kind)
    for place, field in enumerate(fields):
        SubElement(table, "FieldColumnPair", field=field, column=f"of{place}")
    inline = SubElement(table, "InlineTable")
    for held, result in rows:
        _row(inline, held, result)
    return table


def _row(table: Element, held: Iterable[str], result: str) -> None:
    row = SubElement(table, "row")
    for place, value in enumerate(held):
        SubElement(row, f"of{place}").text = value
    SubElement(row, "is").text = result


def _apply(function: str, *arguments: Element) -> Element:
    called = Element("Apply", function=function)
    called.extend(arguments)
    return called


def _compared(function: str, field: str, number: int) -> Element:
    return _apply(function, _field(field), _number(number))


def _field(name: str) -> Element:
    return Element("FieldRef", field=name)


def _number(number: int) -> Element:
    constant = Element("Constant", dataType="double")
    constant.text = str(number)
    return constant


def _said(text: str) -> Element:
    constant = Element("Constant", dataType="string")
    constant.text = text
    return constant
