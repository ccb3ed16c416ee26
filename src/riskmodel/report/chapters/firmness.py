"""How firm the result is: less optimism, in other areas and years, for other people, with other choices."""

from collections.abc import Mapping, Sequence

from riskmodel.report import document as doc
from riskmodel.report.shown import Evidence

CORRECTED = ("auc", "oe", "recalibration_slope", "ici", "scaled_brier", "net_benefit", "ppv", "sensitivity")
HELD_OUT = ("auc", "oe", "recalibration_slope")
ENOUGH_RESAMPLES_N = 500
ONES = ("oe", "auc", "net_benefit", "ppv", "sensitivity", "flagged_share")  # told as numbers of a hundred


def robustness(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """What became of the model when it was made again."""
    return language.chapter(
        "robustness",
        *_optimism(evidence, language),
        *_held_out(evidence, language),
        *_firm(evidence, language),
        *_choices(evidence, language),
        lead=True,
    )


def _number(measure: str, value: object, language: doc.Language, *, signed: bool = False) -> str:
    if measure in ONES:
        return language.hundred(value, digits=1, signed=signed)
    return language.decimal(value, digits=3, signed=signed)


def _range(
    measure: str, row: Mapping[str, object], language: doc.Language, *, ends: Sequence[str] = ("low", "high")
) -> str:
    low, high = (row[end] for end in ends)
    return language.share_range(low, high) if measure in ONES else language.number_range(low, high, digits=3)


def _optimism(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, resamples_n = language.say, evidence.robustness["resamples_n"]
    found = {row["measure"]: row for row in evidence.robustness["optimism"] if row["predictor"] == "points"}
    rows = tuple(
        (
            say(f"measure_{measure}"),
            _number(measure, found[measure]["apparent"], language),
            _number(measure, found[measure]["optimism"], language, signed=True),
            _number(measure, found[measure]["corrected"], language),
            _range(measure, found[measure], language),
        )
        for measure in CORRECTED
        if measure in found and found[measure]["corrected"] is not None
    )
    if not rows:
        return ()
    heads = ("optimism_apparent", "optimism_optimism", "optimism_corrected", "interval")
    columns = (*language.words("measure_column"), *language.numbers(*heads))
    table = language.table("optimism-table", "optimism_caption", columns, rows, profile=evidence.release_profile)
    heading = language.heading("optimism")
    few = () if resamples_n >= ENOUGH_RESAMPLES_N else (doc.Paragraph(say("optimism_few"), "note"),)
    return heading, doc.Paragraph(say("optimism_text", n=resamples_n)), table, *few


def _held_out(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say = language.say
    heading = language.heading("held_out")
    pooled = [row for row in evidence.robustness["held_out"] if row["group"] == "" and row["estimate"] is not None]
    rows = tuple(
        (
            say(f"held_out_{row['column']}"),
            say(f"measure_{row['measure']}"),
            _number(row["measure"], row["estimate"], language),
            _range(row["measure"], row, language),
            _range(row["measure"], row, language, ends=("prediction_low", "prediction_high")),
        )
        for row in pooled
        if row["measure"] in HELD_OUT
    )
    if not rows:
        return heading, doc.Paragraph(say("held_out_none"))
    heads = ("estimate_column", "interval", "held_out_next_area")
    columns = (*language.words("held_out_which", "measure_column"), *language.numbers(*heads))
    table = language.table("held-out-table", "held_out_caption", columns, rows, profile=evidence.release_profile)
    alone = any(row["status"] == "one_group" and row["column"] == "area" for row in evidence.robustness["held_out"])
    note = (doc.Paragraph(say("held_out_one_area"), "note"),) if alone else ()
    return heading, doc.Paragraph(say("held_out_text")), table, *note


def _firm(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, found = language.say, evidence.robustness["stability"]
    if not evidence.flags or found["changed_share"] is None:
        return ()
    shares = {
        "changed": language.hundred(found["changed_share"]),
        "change": language.hundred(found["mean_abs_change"], digits=1),
    }
    return language.heading("firm"), doc.Paragraph(say("firm_text", **shares))


def _choices(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, tried = language.say, evidence.robustness["choices"]
    others = [row for row in tried if not row["is_default"] and row["changed_share"] is not None]
    if not others:
        return ()
    most = max(others, key=lambda row: row["changed_share"])
    name = say(f"choice_{most['choice']}")
    said = {"choice": f"{name}: {_value(most, language)}", "changed": language.hundred(most["changed_share"])}
    heads = ("auc_column", "flagged_column", "choices_changed")
    columns = (*language.words("choices_choice", "choices_value"), *language.numbers(*heads))
    table = language.table(
        "choices-table",
        "choices_caption",
        columns,
        tuple(_choice(row, language) for row in tried if not row["is_default"]),
        profile=evidence.release_profile,
    )
    heading = language.heading("choices")
    return heading, doc.Paragraph(say("choices_text", **said)), doc.Folded(say("choices_folded"), (table,))


def _choice(row: Mapping[str, object], language: doc.Language) -> tuple[str, ...]:
    say, value = language.say, _value(row, language)
    if row["status"] != "ok":
        return say(f"choice_{row['choice']}"), value, say("choice_not_possible"), "", ""
    return (
        say(f"choice_{row['choice']}"),
        value,
        language.hundred(row["auc"], digits=1),
        language.hundred(row["flagged_share"]),
        language.hundred(row["changed_share"]),
    )


def _value(row: Mapping[str, object], language: doc.Language) -> str:
    value = str(row["value"])
    is_number = value.lstrip("-").isdecimal()
    return language.decimal(int(value), digits=0) if is_number else language.say(f"value_{value}")
