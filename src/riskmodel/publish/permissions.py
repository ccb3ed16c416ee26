"""What each source may be used for, and what it is used for: G2."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypedDict

from riskmodel.ground.settings import Settings
from riskmodel.ground.text import listed
from riskmodel.instrument.records import DEVELOPMENT, EVALUATION, FROM_REGISTER, PURPOSES, Instrument, Source
from riskmodel.release.gates import LACKING, Gate, judged

SHARE_DECIMALS = 2


class Permission(TypedDict):
    """What a source may be used for, what it is needed for, and what of that nobody has permitted."""

    source: str
    legal_basis: dict[str, str] | None
    purposes: list[str]
    needed: list[str]
    lacking: list[str]


def sources_gate(instrument: Instrument, unlinked: Mapping[str, Any] | None, settings: Settings) -> Gate:
    """G2: every source may be used for what it is used for, and cases without intake answers are few or explained.

    unlinked: share and explanation, None where there is no register to link with.
    """
    sources = [
        _permission(name, _together(name, instrument), needed)
        for name, needed in purposes_needed(instrument, design=settings.cohort.design).items()
    ]
    lacking = [_lacking(source) for source in sources if source["lacking"]]
    evidence: dict[str, object] = {"sources": sources, "sources_n": len(sources)}
    if unlinked is not None:
        limit, explanation = settings.delivery.max_unlinked_share, unlinked["explanation"]
        lacking += [] if unlinked["share"] <= limit or explanation.strip() else [LACKING["unlinked"].en]
        share = round(unlinked["share"], SHARE_DECIMALS)
        evidence |= {"unlinked_share": share, "max_unlinked_share": limit, "explanation": explanation}
    return judged("G2", not lacking, {**evidence, "lacking": lacking})


def purposes_needed(instrument: Instrument, *, design: str) -> dict[str, tuple[str, ...]]:
    """What each source of `instrument` is used for, by source; casework is where the answers that are scored come from.

    In the cohort design the survey is compared with the register, person by person, and goes no further.
    """
    from_register = any(item.use == "predictor" and item.derive in FROM_REGISTER for item in instrument.items)
    learning = (DEVELOPMENT, EVALUATION)
    needed = {
        "register": PURPOSES if from_register else learning,
        "intake": PURPOSES,
        "survey": learning if design == "case_control" else (EVALUATION,),
        "cohort": PURPOSES,
    }
    return {name: need for name, need in needed.items() if name in instrument.sources}


def _together(name: str, instrument: Instrument) -> Source:
    """The source; exits of a file of their own are the register's, which may be used for what both may be used for."""
    source, exits = instrument.sources[name], instrument.sources.get("exits")
    if name != "register" or exits is None:
        return source
    both = tuple(purpose for purpose in source.purposes if purpose in exits.purposes)
    bases = list(dict.fromkeys((source.legal_basis, exits.legal_basis)))
    return replace(source, purposes=both, legal_basis=None if None in bases else listed(bases, " "))


def _permission(name: str, source: Source, needed: Sequence[str]) -> Permission:
    basis = None if source.legal_basis is None else asdict(source.legal_basis)
    lacking = [purpose for purpose in needed if purpose not in source.purposes]
    return {
        "source": name,
        "legal_basis": basis,
        "purposes": list(source.purposes),
        "needed": list(needed),
        "lacking": lacking,
    }


def _lacking(source: Permission) -> str:
    name, purposes = source["source"], ", ".join(source["lacking"])
    text = LACKING["not_permitted" if source["legal_basis"] else "not_declared"]
    return text.filled(source=name, purposes=purposes).en
