"""How well the answers guess what is kept out of the points."""

from riskmodel.report.document import Block, Language, Paragraph, SideBySide, Table
from riskmodel.report.names import column_name, group_in_words
from riskmodel.report.shown import Evidence


def proxies(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """How well the answers guess what is kept out of the points, and what using it would change."""
    say = language.say
    guesses = tuple(
        (
            group_in_words(evidence, str(row["column"]), str(row["group"]), language),
            language.hundred(row["auc"]),
            language.hundred_range(row["low"], row["high"]),
        )
        for row in evidence.robustness["proxies"]
        if row["status"] == "ok"
    )
    if not guesses:
        return ()
    heading = language.heading("proxies")
    columns = (*language.words("group"), *language.numbers("proxies_guess", "interval"))
    table = language.table("proxies-table", "proxies_caption", columns, guesses, profile=evidence.release_profile)
    return heading, Paragraph(say("proxies_text")), SideBySide((table, *_drop_in(evidence, language)))


def _drop_in(evidence: Evidence, language: Language) -> tuple[Table, ...]:
    say = language.say
    rows = tuple(
        (
            say("drop_in_all") if row["added"] == "all" else column_name(evidence, row["added"], language),
            language.hundred(row["auc_gain"], digits=1, signed=True),
            language.share_range(row["low"], row["high"]),
            language.hundred(row["changed_share"]),
        )
        for row in evidence.robustness["drop_in"]
        if row["status"] == "ok"
    )
    if not rows:
        return ()
    columns = (*language.words("drop_in_added"), *language.numbers("drop_in_gain", "interval", "choices_changed"))
    told = {"note": say("drop_in_text"), "profile": evidence.release_profile}
    return (language.table("drop-in-table", "drop_in_caption", columns, rows, **told),)
