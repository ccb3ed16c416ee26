"""The first hour: from the files of a delivery to a clean check, and how many lines of it are written by hand."""

import tomllib
from pathlib import Path

import pytest
from by_hand import written_by_hand
from openpyxl import load_workbook
from own_words import write_in_own_words
from pipeline.years import SHARED, needs_shared
from spss_town import write_in_spss
from village import village_instrument

from riskmodel.cli.deliveries import check, init
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.simulate import simulate

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
INSTRUMENTS = ROOT / "data" / "instruments"
MOST_LINES = 60
TOWN = {"municipality": {"code": '"9999"', "name": '"Vår kommun"'}, "intake": {"month": "0"}}
RAISES, LOWERS, NONE = ({"direction": f'"{word}"'} for word in ("raises", "lowers", "none"))
ORDINAL = {"kind": '"ordinal"'}
NEVER = {"use": '"never"', "direction": None}
FROM_REGISTER = {"earlier_months": RAISES, "receipts_so_far": RAISES}


def asked(direction, why="Support is chosen by it, and it can only lead to an earlier offer."):
    return {"use": '"predictor"', **direction, "justification": f'"{why}"'}


SJOSTAD = {
    **TOWN,
    "sources.intake": {"unlinked_explanation": '"Only the latest visit is in the extract."'},
    **FROM_REGISTER,
    "utbildning": ORDINAL | LOWERS,
    "arbetslivserfarenhet_senaste_5_ar": ORDINAL | LOWERS | {"use": '"predictor"', "grounds": None},  # … "i Sverige"
    "boende": NONE,
    "egen_skattning_1_5": ORDINAL | LOWERS,
    "svenska": ORDINAL | asked(LOWERS),
    "fysisk_ohalsa": ORDINAL | asked(RAISES),
    "psykisk_ohalsa": ORDINAL | asked(RAISES),
    "missbruk_beroende": asked(RAISES),
    "fodelsear": asked(RAISES),
    "ar_i_sverige": {"use": '"never"'},
    "antal_barn": NEVER,
}
EXAMPLE = {
    **TOWN,
    **FROM_REGISTER,
    "utbildning": ORDINAL | LOWERS,
    "arbetslivserfarenhet_senaste_5_ar": ORDINAL | LOWERS,
    "boende": NONE,
    "situation": asked(NONE),
    "skulder": RAISES,
    "egen_skattning": ORDINAL
    | RAISES
    | {
        "levels": (
            *("jag_kan_borja_arbeta_nu", "jag_behover_lite_hjalp_forst", "jag_behover_mycket_hjalp_forst"),
            "jag_kan_inte_arbeta_som_det_ar_nu",
        )
    },
    "svenska": ORDINAL | asked(LOWERS),
    "fysisk_ohalsa": ORDINAL | asked(RAISES),
    "psykisk_ohalsa": ORDINAL | asked(RAISES),
    "fodelsear": asked(RAISES),
    "bedomd_arbetsformaga": ORDINAL | asked(LOWERS) | {"known_from": "5"},
    "forsorjningshinder": {"use": '"never"'},
}
VILLAGE = {
    **TOWN,
    **FROM_REGISTER,
    "utbildning": ORDINAL | LOWERS,
    "arbete": LOWERS,
    "fodelsear": asked(RAISES),
}
OWN_WORDS = {
    **TOWN,
    **FROM_REGISTER,
    "hur_langt_fran_arbete_1_4": ORDINAL | RAISES,
    "fodd_ar": asked(RAISES),
    "skolgang": ORDINAL | LOWERS,
    "arbetat_senaste_fem_aren": ORDINAL | LOWERS,
    "orsak_till_ansokan": {"use": '"predictor"', **NONE, "grounds": None},
    "sprak_vid_motet": ORDINAL | asked(LOWERS),
    "hindrar_kroppen": ORDINAL | asked(RAISES),
    "mar_du_daligt": ORDINAL | asked(RAISES),
    "var_bor_du": NONE,
    "kronofogden": RAISES,
    "bedomning_efter_fem_manader": ORDINAL | LOWERS | {"known_from": "5"},
    "barn_hemma_antal": NONE,
    "korkort": LOWERS,
    "manader_sedan_lon": RAISES,
}
SPSS = {
    **TOWN,
    **FROM_REGISTER,
    "hur_nara_tycker_du_sjalv_att_du_ar_ett_a": ORDINAL | RAISES,
    "hur_gammal_ar_du": asked(RAISES),
    "vilken_ar_din_hogsta_avslutade_utbildnin": ORDINAL | LOWERS,
    "hur_lange_har_du_arbetat_de_senaste_fem": ORDINAL | LOWERS,
    "hur_ar_det_for_dig_just_nu": asked(NONE),
    "hur_mycket_svenska_kan_du": ORDINAL | asked(LOWERS),
    "har_du_ont_eller_ar_du_sjuk_sa_att_det_a": ORDINAL | asked(RAISES),
    "mar_du_psykiskt_daligt_sa_att_det_ar_sva": ORDINAL | asked(RAISES),
    "hur_bor_du": NONE,
    "har_du_skulder_hos_kronofogden": RAISES,
    "hur_mycket_bedomer_vi_tillsammans_att_du": ORDINAL | asked(LOWERS) | {"known_from": "5"},
    "hur_manga_barn_bor_hos_dig": NONE,
}
SOURCES = ("register", "intake", "survey")
LAWYER = {"legal_basis": '"SoLPUL (2001:454) 6 §"', "purposes": '["development", "evaluation"]'}


def with_lawyer(edits):
    """The edits, and the two lines a source that nothing is published without."""
    return edits | {f"sources.{name}": edits.get(f"sources.{name}", {}) | LAWYER for name in SOURCES}


@pytest.fixture
def in_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def first_hour(delivery, folder, edits, capsys):
    """The instrument after the hour, and the lines by hand; the check that follows is clean."""
    path = folder / "ours.toml"
    init([delivery, path], language="en")
    draft = path.read_text(encoding="utf-8")
    with pytest.raises(SettingsError, match=r"answers are still open \(allowed 0\)"):
        read_instrument(path)
    text, lines_n = written_by_hand(draft, edits)
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    check(delivery, path, language="en")
    told = capsys.readouterr().out
    assert not [word for word in ("word_never_seen", "May not") if word in told]
    return read_instrument(path), lines_n


def by_heading(instrument):
    return {item.column("intake") or item.derive: item for item in instrument.items}


def meant(item):
    headings = [item.column(source, year) for source in ("intake", "survey") for year in range(2018, 2026)]
    return item.kind, item.use, item.direction, item.known_from, headings, item.derive


@needs_shared
@pytest.mark.usefixtures("in_project")
def test_sjostad_takes_36_lines_and_becomes_what_was_written_by_hand(tmp_path, capsys):
    drafted, lines_n = first_hour(SHARED / "sjostad", tmp_path, with_lawyer(SJOSTAD), capsys)
    assert lines_n - len(LAWYER) * len(SOURCES) == 36 and lines_n <= MOST_LINES
    by_hand = read_instrument(INSTRUMENTS / "sjostad.toml")
    found, own = by_heading(drafted), by_heading(by_hand)
    assert len(found) == 18 and {*own} <= {*found}
    assert {key: meant(found[key]) for key in own} == {key: meant(own[key]) for key in own}
    for name, source in by_hand.sources.items():
        read = drafted.sources[name]
        assert (read.files, read.exit_codes) == (source.files, source.exit_codes)
        assert source.columns.items() <= read.columns.items()
        assert (read.reader.header_row, read.reader.encoding) == (source.reader.header_row, source.reader.encoding)


@pytest.mark.usefixtures("in_project")
def test_the_example_takes_38_lines(tmp_path, capsys):
    example = read_instrument(INSTRUMENTS / "exempelstad.toml")
    simulate(tmp_path / "made", example, cases_per_year=150, first_year=2020, last_year=2024, seed=3)
    drafted, lines_n = first_hour(tmp_path / "made", tmp_path, with_lawyer(EXAMPLE), capsys)
    assert lines_n - len(LAWYER) * len(SOURCES) == 38 and lines_n <= MOST_LINES
    found, own = by_heading(drafted), by_heading(example)
    assert len(found) == 17 and {*own} <= {*found}
    assert {key for key in own if found[key].use == "predictor"} == {key for key in own if own[key].use == "predictor"}
    assert found["Bedömd arbetsförmåga"].known_from == 5
    assert found["Utbildning"].column("survey", 2021) == "Utbildning"
    assert found["Utbildning"].column("survey", 2024) == "Utbildningsnivå"


@pytest.mark.usefixtures("in_project")
def test_headings_of_its_own_take_a_line_or_three_a_question(tmp_path, capsys):
    village = village_instrument(tmp_path)
    simulate(tmp_path / "made", village, cases_per_year=150, first_year=2020, last_year=2023, seed=1)
    drafted, lines_n = first_hour(tmp_path / "made", tmp_path, with_lawyer(VILLAGE), capsys)
    assert lines_n - len(LAWYER) * len(SOURCES) == 11 and lines_n <= MOST_LINES
    assert {item.column("intake") for item in drafted.items} - {None} == {"Utbildning", "Arbete", "Födelseår", "Kön"}
    assert drafted.item("arbete").column("survey", 2020) == ""
    assert drafted.sources["register"].exit_codes == village.sources["register"].exit_codes


@pytest.mark.usefixtures("in_project")
def test_a_town_in_its_own_words_takes_37_lines(tmp_path, capsys):
    example = read_instrument(INSTRUMENTS / "exempelstad.toml")
    simulate(tmp_path / "made", example, cases_per_year=400, first_year=2020, last_year=2025, seed=5)
    write_in_own_words(tmp_path / "made", tmp_path / "own")
    drafted, lines_n = first_hour(tmp_path / "own", tmp_path, with_lawyer(OWN_WORDS), capsys)
    assert lines_n - len(LAWYER) * len(SOURCES) == 37 and lines_n <= MOST_LINES
    assert len(drafted.items) == 20 and drafted.item("m_k").use == "audit"
    assert drafted.sources["register"].columns["area"] == drafted.sources["intake"].columns["area"] == "Enhet"
    assert drafted.sources["register"].exit_codes == {"Dödsfall": "death", "Flyttat från kommunen": "moved"}
    assert drafted.item("var_bor_du").column("survey", 2024) == "Nuvarande bostad"


@pytest.mark.usefixtures("in_project")
def test_a_town_of_spss_files_takes_37_lines_and_every_answer_is_read_as_it_was_given(tmp_path, capsys):
    example = read_instrument(INSTRUMENTS / "exempelstad.toml")
    simulate(tmp_path / "made", example, cases_per_year=400, first_year=2020, last_year=2025, seed=5)
    write_in_spss(tmp_path / "made", tmp_path / "own", example)
    drafted, lines_n = first_hour(tmp_path / "own", tmp_path, with_lawyer(SPSS), capsys)
    assert lines_n - len(LAWYER) * len(SOURCES) == 37 and lines_n <= MOST_LINES
    settings = read_settings(ROOT / "params.toml")
    own, meant = (read_delivery(tmp_path / name, by, settings) for name, by in (("own", drafted), ("made", example)))
    by_text = {item.text.sv: item for item in drafted.items}
    for item in example.items:
        if item.columns and item.use != "never":
            found = by_text[item.text.sv]
            assert (found.kind in ("level", item.kind), len(found.levels)) == (True, len(item.levels))
            assert found.columns["survey.2024"].startswith("Q") if "survey" in item.columns else True
            texts = [_texts(one.answers_by_intake, by) for one, by in ((own, found), (meant, item))]
            assert texts[0] == texts[1], item.id


def _texts(answers, item):
    words = {level.code: level.text.sv for level in item.levels}
    given = answers[["person_id", item.id]].drop_duplicates().dropna()
    counted = given[item.id].map(words) if words else given[item.id].round()
    return counted.value_counts().to_dict()


@pytest.mark.usefixtures("in_project")
def test_the_workbook_says_the_same_and_is_read_back(tmp_path, capsys):
    village = village_instrument(tmp_path)
    simulate(tmp_path / "made", village, cases_per_year=100, first_year=2020, last_year=2022, seed=1)
    book, again, own, back = (tmp_path / name for name in ("our.xlsx", "again.xlsx", "our.toml", "back.toml"))
    init([tmp_path / "made", book], excel=True)
    init([tmp_path / "made", own])
    assert "init --from" in capsys.readouterr().out
    filled = load_workbook(book)
    _fill(filled, "other", {"municipality": {"code": "0114", "name": "Vår kommun"}, "parts": {"month": "0"}})
    rows = filled["questions"]
    keys = [cell.value for cell in rows[1]]
    for row in rows.iter_rows(min_row=2):
        for key, cell in zip(keys, row, strict=True):
            cell.value = "raises" if key == "direction" and cell.value == "?" else cell.value
    filled.save(again)
    init([back], book=again)
    code = {"municipality": {"code": '"0114"', "name": '"Vår kommun"'}}
    edits = TOWN | code | FROM_REGISTER | {"utbildning": RAISES, "arbete": RAISES}
    text, _ = written_by_hand(
        own.read_text(encoding="utf-8"), edits | {"municipality": {"code": '"0114"', "name": '"Vår kommun"'}}
    )
    told, meant = (tomllib.loads(one) for one in (back.read_text(encoding="utf-8"), text))
    assert told == meant | {"name": told["name"]}
    read_instrument(back)
    with pytest.raises(SettingsError, match="our.xlsx: is there already"):
        init([tmp_path / "made", book], excel=True)
    with pytest.raises(SettingsError, match=r"new.toml: its name must end in .xlsx"):
        init([tmp_path / "made", tmp_path / "new.toml"], excel=True)
    with pytest.raises(SettingsError, match="2 of the sheets|0 of the sheets"):
        init([tmp_path / "new.toml"], book=tmp_path / "made" / "Kartläggning 2020.xlsx")
    with pytest.raises(SettingsError, match="two paths are needed"):
        init([book])
    assert not (tmp_path / "new.toml").exists()


def _fill(book, sheet, values):
    for table, key, cell, *_ in book[sheet].iter_rows(min_row=2):
        new = values.get(table.value, {}).pop(key.value, None)
        cell.value = new if new is not None else cell.value
