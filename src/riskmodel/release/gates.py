"""The gates between a candidate and people: each with its evidence, and what to do when it does not pass.

A gate is "passed", "failed" or "open". Open means that what it asks for is not there yet: some gates wait for what
people do before publishing, others for more people to tell by. `blocks` says whether the gate forbids publication.
`Gate` is one as it is made, `Decided` one as it is read from a release, with the waivers that it rests on as every
artefact prints them. Beside them the questions that law and reporting standards ask of a release (G10).
"""

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from riskmodel.ground.record_reader import NEVER_NULL, Json
from riskmodel.ground.text import Text, listed
from riskmodel.ground.words import read_words
from riskmodel.release.acts import Gate as Decided
from riskmodel.release.acts import present_gates
from riskmodel.release.criteria import MET, NOT_KNOWN, NOT_MET, measure_name
from riskmodel.release.json_record import read_record

FOLDER = Path(__file__).parent / "texts"
NAMES = {gate: asdict(text) for gate, text in read_words(FOLDER / "gate_names.toml").items()}
REMEDIES = {gate: asdict(text) for gate, text in read_words(FOLDER / "gate_remedies.toml").items()}
EVIDENCE = read_words(FOLDER / "gate_evidence.toml")
CONCERNS = read_words(FOLDER / "concerns.toml")
PASSED, FAILED, OPEN = "passed", "failed", "open"
LACKING = read_words(Path(__file__).parent / "texts" / "lacking.toml")
LISTS = ("tripod_ai", "annex_iv", "article_13")
TITLES = read_words(Path(__file__).parent / "texts" / "questions.toml")
QUESTIONS = {
    name: {key.removeprefix(f"{name}_"): title for key, title in TITLES.items() if key.startswith(name)}
    for name in LISTS
}  # list to id to title


@dataclass(frozen=True)
class Gate:
    """One gate's outcome. waivers: those that apply to what did not pass; they lift it only if they cover all of it."""

    id: str
    status: str
    blocks: bool
    evidence: Mapping[str, object] = field(default_factory=dict)
    waivers: tuple[Mapping[str, Json], ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The gate as it stands in a release."""
        return {
            "id": self.id,
            "name": NAMES[self.id],
            "status": self.status,
            "passed": {PASSED: True, FAILED: False, OPEN: None}[self.status],
            "blocks": self.blocks,
            "evidence": self.evidence,
            "remedy": REMEDIES[self.id],
            "waivers": list(self.waivers),
        }


def judged(gate_id: str, passed: bool, evidence: Mapping[str, object]) -> Gate:
    """A gate that was evaluated: unless it passed, it blocks."""
    return Gate(gate_id, PASSED if passed else FAILED, blocks=not passed, evidence=evidence)


def settled(
    gate_id: str, status: str, evidence: Mapping[str, object], waivers: Iterable[Mapping[str, Json]] = ()
) -> Gate:
    """A gate with its outcome: unless it passed it blocks, or rests on those of `waivers` that are granted for it."""
    applying = tuple({**waiver} for waiver in waivers if status != PASSED and waiver["gate"] == gate_id)
    return Gate(gate_id, status, blocks=status != PASSED and not applying, evidence=evidence, waivers=applying)


def known_or_not(
    gate_id: str, verdict: str, evidence: Mapping[str, object], waivers: Iterable[Mapping[str, Json]] = ()
) -> Gate:
    """A gate whose demands are met, not met or not known. `waivers` lift what is not known, never what is not met."""
    status = {MET: PASSED, NOT_MET: FAILED, NOT_KNOWN: OPEN}[verdict]
    return settled(gate_id, status, evidence, waivers if verdict == NOT_KNOWN else ())


def over_landmarks(by_month: Mapping[int, Sequence[Gate]]) -> list[Gate]:
    """Each gate once for all tables of a release: passed when it is passed at every landmark.

    The evidence is the first landmark's; what the others found stands under "later", by month.
    """
    first, *later = by_month
    return [
        _worst(gate, {month: next(one for one in by_month[month] if one.id == gate.id) for month in later})
        for gate in by_month[first]
    ]


def _worst(first: Gate, later: Mapping[int, Gate]) -> Gate:
    if not later:
        return first
    found = [first, *later.values()]
    statuses = {gate.status for gate in found}
    waivers = {tuple(sorted(waiver.items())): waiver for gate in found for waiver in gate.waivers}
    others = {str(month): {"status": gate.status, **gate.evidence} for month, gate in later.items()}
    return Gate(
        first.id,
        next(status for status in (FAILED, OPEN, PASSED) if status in statuses),
        blocks=any(gate.blocks for gate in found),
        evidence={**first.evidence, "later": others},
        waivers=tuple(waivers.values()),
    )


def still_open() -> list[Gate]:
    """The gates that a candidate leaves open."""
    return [Gate(gate_id, OPEN, blocks=True) for gate_id in present_gates().when_publishing]


def in_order(gates: Iterable[Gate]) -> list[dict[str, object]]:
    """The gates as they stand in a release, G1 first."""
    return [gate.as_dict() for gate in sorted(gates, key=lambda gate: present_gates().ids.index(gate.id))]


def blocking(gates: Iterable[Decided], *, today: date) -> list[Decided]:
    """The gates that forbid publication `today`: those that block, and those whose waiver has ended."""
    return [gate for gate in gates if gate.blocks or any(waiver.until < today.isoformat() for waiver in gate.waivers)]


@dataclass(frozen=True)
class _Criterion:
    measure: str
    passed: bool
    landmark: int = 0
    verdict: Annotated[str | None, NEVER_NULL] = None

    @property
    def is_met(self) -> bool:
        """By its verdict; early formats have none."""
        return self.passed if self.verdict is None else self.verdict == MET

    @property
    def text(self) -> Text:
        """The measure, and that it is not known where that is so."""
        named = measure_name(self.measure)
        if self.landmark:
            named = CONCERNS["measure_at"].filled(measure=named, month=self.landmark)
        return CONCERNS["measure_not_known"].filled(measure=named) if self.verdict == NOT_KNOWN else named


@dataclass(frozen=True)
class _Group:
    column: str
    group: str


@dataclass(frozen=True)
class _Concerns:
    """What in a gate's evidence may not have passed, at one landmark."""

    criteria: tuple[_Criterion, ...] = ()
    failing: tuple[_Group, ...] = ()
    not_shown: tuple[_Group, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def texts(self) -> list[Text]:
        """One a measure that is not met, and one a kind of gap."""
        measures = [row.text for row in self.criteria if not row.is_met]
        kinds = ((self.failing, CONCERNS["gap_large"]), (self.not_shown, CONCERNS["gap_not_shown"]))
        return measures + [text.filled(groups=_named(groups)) for groups, text in kinds if groups]


@dataclass(frozen=True)
class _Later:
    """… and at the later ones, by month."""

    later: Mapping[str, _Concerns] = field(default_factory=dict)


def concern(gate: Decided, language: str = "en") -> str:
    """What in the evidence of `gate` did not pass: measures, groups, what is lacking; empty when there is no list."""
    first = read_record(_Concerns, gate.evidence.raw, where=gate.id)
    later = read_record(_Later, gate.evidence.raw, where=gate.id).later
    by_month = [(month, listed(later[month].texts, "; ")) for month in sorted(later, key=int) if later[month].texts]
    found = [CONCERNS["of_month"].filled(month=month, what=what) for month, what in by_month]
    lacking = dict.fromkeys(one for part in (first, *later.values()) for one in part.lacking)
    questions = {text.en: text for text in _unanswered(gate)}
    told = [questions.get(one) or in_both(one) for one in lacking]
    return listed([*first.texts, *found, *told], "; ").said(language)


def _unanswered(gate: Decided) -> list[Text]:
    """What is lacking of each list of questions that the gate holds."""
    return [
        unanswered(name, missing=one.missing, in_part=one.in_part, not_found=one.not_found)
        for name, one in gate.evidence.lists.items()
    ]


def _named(groups: Iterable[_Group]) -> str:
    return ", ".join(dict.fromkeys(f"{gap.column} {gap.group}" for gap in groups))


def in_both(lacking: str) -> Text:
    """The sentence `lacking` of a release in both languages; as it stands where it is none of ours, a file's name."""
    found = ((text, re.fullmatch(_pattern(text.en), lacking)) for text in LACKING.values())
    return next((text.filled(**match.groupdict()) for text, match in found if match), Text(lacking, lacking))


def _pattern(template: str) -> str:
    parts = string.Formatter().parse(template)
    return "".join(re.escape(literal) + (f"(?P<{name}>.+)" if name else "") for literal, name, *_ in parts)


def unanswered(name: str, *, missing: Iterable[str], in_part: Iterable[str], not_found: Iterable[str]) -> Text:
    """Which questions of the list `name` have no answer, half of one or one that leads nowhere, with their titles."""
    titles = QUESTIONS[name]
    by_state = (
        (TITLES["missing"], missing),
        (TITLES["in_part"], in_part),
        (TITLES["leads_nowhere"], not_found),
    )
    found = [text.filled(question=one, title=titles.get(one, one)) for text, ids in by_state for one in ids]
    return TITLES["open_in_list"].filled(list=name, questions=listed(found))
