from riskmodel.instrument.records import Item, Level, Text
from riskmodel.instrument.spelling import code_by_spelling, no_answer_spellings, spelling


def test_the_same_answer_however_it_is_typed():
    assert spelling(" Gymnasium\u00a0") == spelling("GYMNASIUM") == "gymnasium"
    assert spelling("1–6\u202fmån") == spelling("1-6 mån")
    assert spelling("a\u030a") == spelling("å")
    assert spelling("2.0") == spelling("2,0") == spelling("2")
    assert spelling("2.5") != spelling("2")


def test_codes_texts_and_aliases_lead_to_the_code():
    levels = (Level("little", Text("Lite", "A little"), ("1",)), Level("much", Text("Mycket", "Much"), ("2",)))
    item = Item(id="a", text=Text("a", "a"), kind="ordinal", use="predictor", levels=levels, no_answer=("?",))
    codes = code_by_spelling(item)
    assert {codes[spelling(text)] for text in ("little", "LITE", "a  little", "1", "1.0")} == {"little"}
    assert codes["much"] == "much"
    assert no_answer_spellings(item, ["Vet ej"]) == {"", "?", "vet ej"}
