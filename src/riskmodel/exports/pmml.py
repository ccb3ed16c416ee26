"""score-<month>.pmml: a table of points as a scorecard of PMML 4.4. Standard library only.

Software that reads PMML tends to give a number for whatever it is given. So every field is categorical and names all
that may be answered, whole numbers too; no answer is a code of its own; nothing asks whether an answer is missing. What
is not named matches nothing, whoever computes it: no points, and with them neither risk nor mark.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from riskmodel.exports.coded import Coded, CodedTable, Worth
from riskmodel.ground.words import read_words
from riskmodel.instrument.pairs import JOINT
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.item import Item
from riskmodel.release.json_record import plain
from riskmodel.release.landmark import RARITY_LIMIT, Landmark

TEXTS = read_words(Path(__file__).parent / "texts" / "pmml.toml")
LANGUAGE = "sv"  # of what is shown
NAMESPACE, VERSION = "http://www.dmg.org/PMML-4_4", "4.4"
# no item's id begins with a capital, so that no two fields have one name
POINTS, UNUSUAL, RISK, REASON = "Points", "Unusual", "Risk", "Reason"
SUM, RARITY, USUAL_POINTS = "Sum", "Rarity", "UsualPoints"  # on the way there
REASONS_N = 3  # the items with most points above the average new case's
REFUSED = {"missingValueTreatment": "returnInvalid", "invalidValueTreatment": "returnInvalid"}
Row = tuple[tuple[str, ...], str]  # what some fields hold, and what follows from it


def pmml_files(coded: Coded) -> dict[str, bytes]:
    """A scorecard for each table of points, name to content."""
    return {f"score-{table.landmark.month}.pmml": score_pmml(table) for table in coded.tables}


def score_pmml(table: CodedTable) -> bytes:
    """The scorecard of `table`: points, whether the case is unusual, its risk where it is not, and reasons."""
    root = Element("PMML", version=VERSION, xmlns=NAMESPACE)
    _header(root, table)
    _data_dictionary(root, table)
    _transformations(root, table)
    _scorecard(root, table)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _header(root: Element, table: CodedTable) -> None:
    """What it is, how it is asked, and what it must never be used for: the file may lie alone."""
    header = SubElement(root, "Header", description=plain(table.title.said(LANGUAGE)))
    SubElement(header, "Application", name="riskmodel")
    say, release, publication = TEXTS.speaking(LANGUAGE), table.release, table.release.publication
    notes = [table.description.said(LANGUAGE), say("given"), say("one_person")]
    if publication is not None:
        header.set("modelVersion", publication.id)
        notes += [say("withdrawn", where=publication.contact.withdrawal)] if publication.contact else []
    uses = (use.said(LANGUAGE) for use in release.forbidden_uses)
    for note in (*notes, release.population.said(LANGUAGE), say("never"), *uses):
        SubElement(header, "Annotation").text = plain(note)


def _data_dictionary(root: Element, table: CodedTable) -> None:
    dictionary = SubElement(root, "DataDictionary", numberOfFields=str(len(table.questions)))
    for one in table.questions:
        field = SubElement(dictionary, "DataField", name=one.question.id, optype="categorical", dataType="string")
        field.set("displayName", plain(one.question.text.said(LANGUAGE)))
        for code, shown in one.shown.items():
            SubElement(field, "Value", value=code, displayValue=plain(shown.said(LANGUAGE)))


def _transformations(root: Element, table: CodedTable) -> None:
    """Both answers to a pair as one field, how rare the answer to each item is, and how rare all of them are."""
    dictionary = SubElement(root, "TransformationDictionary")
    total = _number(table.rarity.mean)
    for item in table.landmark.items:
        worth = table.worth[item.id]
        if item.of:
            joint = SubElement(dictionary, "DerivedField", name=item.id, optype="categorical", dataType="string")
            rows = ((codes, JOINT.join(codes)) for codes in worth)
            joint.append(_table([question.id for question in item.of], rows, kind="string"))
        name = f"{RARITY}.{item.id}"
        shares = (((JOINT.join(codes),), str(own.rarity)) for codes, own in worth.items())
        rare = SubElement(dictionary, "DerivedField", name=name, optype="continuous", dataType="double")
        rare.append(_table([item.id], shares, kind="double"))
        total = _apply("+", total, _field(name))
    SubElement(dictionary, "DerivedField", name=RARITY, optype="continuous", dataType="double").append(total)


def _scorecard(root: Element, table: CodedTable) -> None:
    landmark = table.landmark
    card = SubElement(root, "Scorecard", modelName=f"month-{landmark.month}", functionName="regression")
    reasons = {"useReasonCodes": "true", "reasonCodeAlgorithm": "pointsAbove", "baselineMethod": "mean"}
    card.attrib |= {"initialScore": "0", **reasons}
    schema = SubElement(card, "MiningSchema")
    for question in landmark.questions:
        SubElement(schema, "MiningField", {"name": question.id, "usageType": "active"} | REFUSED)
    _output(card, landmark)
    characteristics = SubElement(card, "Characteristics")
    for item in landmark.items:
        _characteristic(characteristics, item, table.worth[item.id])
    _verification(card, table)


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


def _characteristic(characteristics: Element, item: Item, worth: Mapping[tuple[str, ...], Worth]) -> None:
    """The points of every answer; the reason says where they stand for none."""
    one = SubElement(characteristics, "Characteristic", name=item.id, reasonCode=item.id)
    one.set("baselineScore", repr(item.mean_points))
    for codes, own in worth.items():
        attribute = SubElement(one, "Attribute", partialScore=str(own.points))
        if set(codes) == {NO_ANSWER}:
            attribute.set("reasonCode", f"{item.id}.{NO_ANSWER}")
        SubElement(attribute, "SimplePredicate", field=item.id, operator="equal", value=JOINT.join(codes))


def _verification(card: Element, table: CodedTable) -> None:
    """The release's own examples, by which the reader can try itself."""
    examples = [*table.examples()]
    if not examples:
        return
    checked = SubElement(card, "ModelVerification", recordCount=str(len(examples)))
    fields, inline = SubElement(checked, "VerificationFields"), SubElement(checked, "InlineTable")
    for place, question in enumerate(table.landmark.questions):
        SubElement(fields, "VerificationField", field=question.id, column=f"of{place}")
    SubElement(fields, "VerificationField", field=POINTS, column="is")
    for codes, points in examples:
        _row(inline, codes, str(points))


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
