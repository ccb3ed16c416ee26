"""One ledger may hold the releases of several municipalities: what is in force is told for each."""

import copy
from dataclasses import replace
from datetime import date

import pytest
import release_example

from riskmodel.cli import decide, use
from riskmodel.cli.decide import withdraw
from riskmodel.cli.use import verify
from riskmodel.ground.errors import BundleError
from riskmodel.publish.publish import publish
from riskmodel.publish.registry import tracking
from riskmodel.release.standing import Fault

OTHER = {"code": "9902", "name": "Annanstad"}


class Day(date):
    @classmethod
    def today(cls):
        return cls.fromordinal(release_example.TODAY.toordinal())


@pytest.fixture
def two(published, monkeypatch):
    """2026.1 is for 9901, and 2026.2 for another municipality, from another delivery."""
    other = copy.deepcopy(release_example.candidate())
    other["municipalities"] = [OTHER]
    other["provenance"] |= {"delivery_hmac": "f" * 64, "cohort_hmac": "a" * 64}
    instrument = replace(release_example.INSTRUMENT, municipality_code=OTHER["code"], municipality_name=OTHER["name"])
    with monkeypatch.context() as patched:
        patched.setattr(release_example, "candidate", lambda: other)
        patched.setattr(release_example, "INSTRUMENT", instrument)
        release_example.approved(published.root)
        publish(published, release_example.settings(), name="Ada Alm", today=release_example.TODAY)
    monkeypatch.chdir(published.root)
    for commands in (decide, use):
        monkeypatch.setattr(commands, "date", Day)
    monkeypatch.setattr(tracking, "mirror", lambda workspace: None)
    return published


def test_verify_without_an_id_checks_the_release_in_force_of_each(two, capsys):
    verify(language="en")
    first, second = (line for line in capsys.readouterr().out.splitlines() if "as published" in line)
    assert first.startswith("2026.1 (Påhittad): ") and second.startswith("2026.2 (Annanstad): ")
    verify("2026.2", language="en")
    assert "2026.1" not in capsys.readouterr().out
    (two.releases / "2026.1/card.md").write_text("another")
    with pytest.raises(BundleError, match=r"card\.md"):
        verify(language="en")


def test_withdrawing_says_what_is_in_force_where_the_release_was_used(two, capsys):
    withdraw("2026.2", reason="Fel gräns", name="Bo Berg", fault=Fault.OTHER, language="en")
    said = capsys.readouterr().out
    assert said.startswith("2026.2: withdrawn\nIn force now in municipality 9902: none, so nobody gets advice.")
    verify(language="en")
    told = capsys.readouterr()
    assert told.out.startswith("2026.1 (Påhittad): ") and told.err == "9902: no release may be used today\n"
