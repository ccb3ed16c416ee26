import dataclasses

import pandas as pd
import pytest
from village import REGISTER, read_village, village_instrument, village_settings, write_village

from riskmodel.extracts.delivery import Delivery, changes_text, load_delivery, open_notes, unmet_notes, write_delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.extracts.receipts import receipts_table
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.files import sha256_of_file
from riskmodel.ground.settings import AcceptedNote


def assert_same(one: Delivery, other: Delivery) -> None:
    for entry in dataclasses.fields(Delivery):
        frames = getattr(one, entry.name), getattr(other, entry.name)
        if frames[0] is None:
            assert frames[1] is None, entry.name
        else:
            pd.testing.assert_frame_equal(*map(in_pandas, frames), obj=entry.name)


def in_pandas(frame):
    return frame if isinstance(frame, pd.DataFrame) else receipts_table(frame).to_pandas()


def test_what_is_written_is_read_back(tmp_path):
    delivery = read_village(tmp_path)
    write_delivery(delivery, tmp_path / "interim" / "delivery")
    assert_same(load_delivery(tmp_path / "interim" / "delivery"), delivery)


def test_writing_twice_gives_the_same_bytes(tmp_path):
    delivery = read_village(tmp_path)
    for name in ("one", "two"):
        write_delivery(delivery, tmp_path / name)
    names = [path.name for path in (tmp_path / "one").iterdir()]
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == sorted(names)
    for name in names:
        assert sha256_of_file(tmp_path / "one" / name) == sha256_of_file(tmp_path / "two" / name)


def test_a_new_delivery_replaces_the_whole_folder(tmp_path):
    delivery = read_village(tmp_path)
    folder = tmp_path / "interim"
    write_delivery(delivery, folder)
    write_delivery(dataclasses.replace(delivery, answers_by_survey=None), folder)
    assert load_delivery(folder).answers_by_survey is None
    assert not (folder / "answers_by_survey.parquet").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["delivery", "interim", "village.toml"]


def test_a_failed_write_leaves_the_old_delivery(tmp_path, monkeypatch):
    delivery = read_village(tmp_path)
    folder = tmp_path / "interim"
    write_delivery(delivery, folder)

    def disk_full(path, value):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("riskmodel.extracts.delivery.write_json", disk_full)
    with pytest.raises(OSError, match="No space"):
        write_delivery(dataclasses.replace(delivery, receipts=None), folder)
    assert_same(load_delivery(folder), delivery)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["delivery", "interim", "village.toml"]


def test_loading_before_reading_says_what_to_run(tmp_path):
    with pytest.raises(SurveyDataError, match="Run the stage `ingest`"):
        load_delivery(tmp_path / "nothing")


def test_the_files_are_listed_with_their_hashes(tmp_path):
    files = read_village(tmp_path).files
    assert files["file"].tolist() == ["Kartläggning 2020.xlsx", "Kartläggning 2021.xlsx", "nybesök.csv", "register.csv"]
    assert files["source"].tolist() == ["survey", "survey", "intake", "register"]
    assert files["rows_n"].tolist() == [1, 1, 2, 3]
    assert files["sha256"].iloc[-1] == sha256_of_file(tmp_path / "delivery" / "register.csv")


def test_the_true_risks_of_a_made_municipality_are_read(tmp_path):
    folder = write_village(tmp_path)
    (folder / "truth.csv").write_text(
        "person_id,intake_month,true_prob,best_prob\nanna,24240,0.25,0.3\n", encoding="utf-8"
    )
    delivery = read_delivery(folder, village_instrument(tmp_path), village_settings())
    assert delivery.truth.values.tolist() == [["anna", 24240, 0.25, 0.3]]
    assert "truth.csv" not in delivery.files["file"].tolist()


def test_a_file_without_use_is_noted(tmp_path):
    folder = write_village(tmp_path)
    (folder / "Kartlaggning_2022.xlsx").write_bytes(b"x")
    quality = read_delivery(folder, village_instrument(tmp_path), village_settings()).quality
    assert quality.loc[quality["reason"] == "file_not_used", "file"].tolist() == ["Kartlaggning_2022.xlsx"]


def test_an_accepted_note_is_counted_and_not_told_again(tmp_path):
    delivery = read_village(tmp_path)
    called = {"note": ["intake: work: gone 2021"], "note_sv": ["intake: work: borta 2021"]}
    changes = pd.DataFrame({**called, "about": "work"}).assign(before=1.0, now=0.5, n=40, words="")
    delivery = dataclasses.replace(delivery, year_notes=changes)
    names = ["intake: work: gone 2021", "survey: Arbete: blank"]
    quality, told, accepted_n = open_notes(delivery, [])
    assert told["note"].tolist() == names[:1] and (quality["reason"] == "blank").sum() == 1 and accepted_n == 0
    accepted = [AcceptedNote(name, "Anna Berg, analytiker", "2026-02-01") for name in names]
    after, told, accepted_n = open_notes(delivery, accepted)
    assert told.empty and "blank" not in set(after["reason"]) and accepted_n == 2
    in_swedish = AcceptedNote("intake: work: borta 2021", "Anna Berg, analytiker", "2026-02-01")
    assert open_notes(delivery, [in_swedish])[1].empty
    assert changes_text(delivery, [in_swedish], "sv") == ""
    assert changes_text(delivery, [], "sv").splitlines()[0] == "Vad som ändrades mellan åren"
    told_lines = [changes_text(delivery, [], language).splitlines()[2].split() for language in ("sv", "en")]
    assert [line[2:6] for line in told_lines] == [["borta", "2021", "1,0", "0,5"], ["gone", "2021", "1.0", "0.5"]]
    # next year's is another note, and what is set aside is no note
    again = AcceptedNote("intake: work: gone 2020", "Anna Berg, analytiker", "2026-02-01")
    assert [len(found) for found in open_notes(delivery, [again])[:2]] == [len(quality), 1]
    meets = ([], accepted, [in_swedish], [again, *accepted])
    assert [len(unmet_notes(delivery, some)) for some in meets] == [0, 0, 0, 1]
    (told,) = unmet_notes(delivery, [again])
    assert "'intake: work: gone 2020'" in told.en and "Of another year: 'intake: work: gone 2021'" in told.en
    misspelt = AcceptedNote("intake: wrok: gone 2021", "Anna Berg, analytiker", "2026-02-01")
    (told,) = unmet_notes(delivery, [misspelt])
    assert "'intake: wrok: gone 2021'" in told.en and "another year" not in told.en


def test_every_heading_is_told_and_whether_it_is_read(tmp_path):
    register = REGISTER.replace("Avslut\n", "Avslut;Anm\n", 1).replace(";\n", ";;\n").replace("flyttat\n", "flyttat;\n")
    headings = read_village(tmp_path, register=register).headings.set_index(["source", "heading"])["is_used"]
    asked = dict.fromkeys(REGISTER.partition("\n")[0].split(";"), True)
    assert headings["register"].to_dict() == asked | {"Anm": False}
    # of a survey those of every year, each by its own
    assert headings["survey"][["Utbildning", "Utbildningsnivå", "Arbete"]].all()
