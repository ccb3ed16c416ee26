"""A later format may have another gate; what was published under fewer is held to those."""

from dataclasses import replace

import pytest
import release_example
from published.test_published_releases import EACH, EXEMPELSTAD

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.publish import compose, publication
from riskmodel.publish.publish import publish
from riskmodel.release import acts, consistency, gates
from riskmodel.release.gates import judged
from riskmodel.release.published import check_publication
from riskmodel.release.verify import verify_release

LATER = 4
WORDS = {"sv": "Fjorton", "en": "Fourteen"}
DAY = release_example.TODAY


@pytest.fixture(params=[True, False], ids=["passed", "failed"])
def with_a_fourteenth_gate(request, monkeypatch):
    """This version as it would be with a format 4 that has a gate of its own; whether the gate passes."""
    now = acts.GATES_OF_FORMAT[acts.FORMAT]
    later = replace(now, ids=(*now.ids, "G14"), when_publishing=(*now.when_publishing, "G14"))
    monkeypatch.setitem(acts.GATES_OF_FORMAT, LATER, later)
    for module in (acts, consistency, compose):
        monkeypatch.setattr(module, "FORMAT", LATER)
    monkeypatch.setattr(consistency, "KNOWN_FORMATS", (*acts.KNOWN_FORMATS, LATER))
    monkeypatch.setitem(gates.NAMES, "G14", WORDS)
    monkeypatch.setitem(gates.REMEDIES, "G14", WORDS)

    thirteen = publication.publication_gates

    def fourteen(acts):
        return [*thirteen(acts), judged("G14", request.param, {}).as_dict()]

    monkeypatch.setattr(publication, "publication_gates", fourteen)
    release_example.candidate.cache_clear()
    yield request.param
    release_example.candidate.cache_clear()


def test_it_is_published_under_fourteen_and_the_earlier_ones_still_load(with_a_fourteenth_gate, tmp_path):
    workspace = release_example.approved(tmp_path)
    if not with_a_fourteenth_gate:
        with pytest.raises(GateError, match="1 gate.s. forbid it.\n  G14 Fourteen"):
            publish(workspace, release_example.settings(), name="Ada Alm", today=DAY)
        return
    release_id = publish(workspace, release_example.settings(), name="Ada Alm", today=DAY).release_id
    release = verify_release(workspace.releases, release_id, today=DAY)
    assert (release.format, [gate.id for gate in release.published.gates][-1]) == (LATER, "G14")
    for _, (home, earlier) in EACH:
        found = verify_release(home.releases, earlier, today=home.in_time, municipality=home.municipality)
        assert found.format < LATER


def test_a_release_without_a_gate_of_its_format_is_refused(with_a_fourteenth_gate):
    home, release_id = next(one for _, one in EACH if one[0] is not EXEMPELSTAD)
    release, files = folder_of(home, release_id)
    check_publication(release, files, where=release_id)
    with pytest.raises(BundleError, match="its gates do not let it through"):
        check_publication(replace(release, format=LATER), files, where=release_id)


def folder_of(home, release_id):
    release = verify_release(home.releases, release_id, today=home.in_time, municipality=home.municipality)
    return release, {path.name: path.read_bytes() for path in (home.releases / release_id).iterdir()}
