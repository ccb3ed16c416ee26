"""What the youngest year says by itself, on the first page."""

from collections.abc import Mapping
from typing import Any, Literal

from riskmodel.report.document import Block, Language, Verdict
from riskmodel.report.shown import Evidence, gate_evidence


def drifted(evidence: Evidence, language: Language) -> list[Block]:
    """What the youngest year says by itself, and who has explained it."""
    say, drift = language.say, gate_evidence(evidence, "G5").get("year_drift")
    if not (drift and drift["signs"]):
        return []
    texts = {item.id: language.text(item.text) for item in evidence.landmark.items}
    sentences = []
    for sign in drift["signs"]:
        sentences.append(say(f"drift_{sign['direction']}", year=sign["year"], item=texts.get(sign["item"], "")))
        known = sign["signed_by"]
        sentences.append(say("explained_by", name=known, reason=sign["reason"]) if known else say("not_explained"))
    status: Literal["open", "failed"] = "open" if all(sign["signed_by"] for sign in drift["signs"]) else "failed"
    return [
        Verdict(
            status,
            say("youngest_apart" if status == "failed" else "youngest_explained", year=drift["year"]),
            " ".join(sentences),
        )
    ]


def by_itself(evidence: Evidence, language: Language) -> list[str]:
    """Whether the youngest year was tested by itself, and what that finds; nothing where there are no rolling years."""
    drift = gate_evidence(evidence, "G5").get("year_drift")
    return [language.say("year_alone" if drift["judged"] else "year_too_few", year=drift["year"])] if drift else []


def not_explained(found: Mapping[str, Any], language: Language) -> list[str]:
    """The years in a gate's evidence that drifted without anybody's explanation."""
    signs = (found.get("year_drift") or {"signs": []})["signs"]
    years = dict.fromkeys(sign["year"] for sign in signs if not sign["signed_by"])
    return [language.say("year_by_itself", year=year) for year in years]
