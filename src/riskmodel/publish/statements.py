"""What every release says in words: what it may be used for, what never, and under which rules its data arose."""

from collections.abc import Sequence
from datetime import date

Words = dict[str, str]

PERMITTED_USES: tuple[Words, ...] = (
    {
        "sv": "Att leda till ett tidigare, frivilligt erbjudande om stöd, efter handläggarens egen bedömning.",
        "en": "To prompt an earlier, voluntary offer of support, after the caseworker's own assessment.",
    },
    {
        "sv": "Att följa upp och utvärdera, med uppgifter om grupper.",
        "en": "To follow up and evaluate, with figures on groups.",
    },
)
FORBIDDEN_USES: tuple[Words, ...] = (
    {"sv": "Att avslå ansökan om bistånd.", "en": "To deny assistance."},
    {"sv": "Att sänka bistånd.", "en": "To reduce assistance."},
    {"sv": "Att dra in bistånd.", "en": "To revoke assistance."},
    {"sv": "Att återkräva bistånd.", "en": "To reclaim assistance."},
    {"sv": "Att kontrollera någon eller söka efter fusk.", "en": "To control anybody or look for fraud."},
    {"sv": "Att besluta om sanktioner.", "en": "To impose sanctions."},
    {
        "sv": "Att ge någon lägre plats i en kö eller sämre service.",
        "en": "To put anybody further back in a queue or give them less service.",
    },
)
REFORMS: dict[str, Words] = {
    "2025-07-01": {"sv": "den nya socialtjänstlagen", "en": "the new social services act"},
    "2026-07-01": {"sv": "aktivitetskravet", "en": "the activity requirement"},
    "2027-01-01": {"sv": "bidragstaket", "en": "the benefit cap"},
}
MONTHS_SV = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def month_words(month: int) -> Words:
    """A month (year·12 + month−1) in words."""
    year, place = divmod(month, 12)
    return {"sv": f"{MONTHS_SV[place]} {year}", "en": f"{MONTHS_EN[place]} {year}"}


def regime(first_month: int, last_month: int, reforms: Sequence[str]) -> Words:
    """Under which rules the months from `first_month` to `last_month` lie, reform by reform."""
    first, last = month_words(first_month), month_words(last_month)
    sentences = [_reform_sentence(day, first_month, last_month) for day in sorted(reforms)]
    return {
        "sv": " ".join(
            [f"Underlaget gäller {first['sv']} till {last['sv']}.", *(sentence["sv"] for sentence in sentences)]
        ),
        "en": " ".join([f"The data cover {first['en']} to {last['en']}.", *(sentence["en"] for sentence in sentences)]),
    }


def _reform_sentence(day: str, first_month: int, last_month: int) -> Words:
    starts = date.fromisoformat(day)
    month = starts.year * 12 + starts.month - 1
    name = REFORMS.get(day, {"sv": "en ändring av reglerna", "en": "a change of the rules"})
    sv, en = f"{name['sv'][0].upper()}{name['sv'][1:]} ({day})", f"{name['en'][0].upper()}{name['en'][1:]} ({day})"
    if month > last_month:
        return {"sv": f"{sv} gäller inte i underlaget.", "en": f"{en} does not apply in the data."}
    if month <= first_month:
        return {"sv": f"{sv} gäller i hela underlaget.", "en": f"{en} applies throughout the data."}
    return {
        "sv": f"{sv} börjar gälla mitt i underlaget: reglerna är inte desamma före och efter.",
        "en": f"{en} comes into force within the data: before and after are not the same rules.",
    }
