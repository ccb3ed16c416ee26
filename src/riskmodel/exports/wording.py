"""What the exported files say beside the questions themselves, and why something is refused.

Standard library only.
"""

from pathlib import Path

from riskmodel.ground.words import LANGUAGES, Text, read_words
from riskmodel.release.answers import scored_numbers, shown_answer
from riskmodel.release.item import Numbers, Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

FOLDER = Path(__file__).parent / "texts"
TEXTS, REFUSALS = read_words(FOLDER / "questionnaire.toml"), read_words(FOLDER / "refusals.toml")


def title(release: Release, landmark: Landmark) -> Text:
    """Whose questions these are, about which cases, of which release."""
    cases = TEXTS["later_cases"].filled(month=landmark.month) if landmark.month else TEXTS["new_cases"]
    names = ", ".join(municipality.name for municipality in release.municipalities)
    whose = _which(release)
    return _both("title", municipality=Text(names, names), cases=cases, release=whose)


def description(release: Release) -> Text:
    """What the points are, when there are none, and what is waived."""
    return with_waivers(release, TEXTS["description"])


def with_waivers(release: Release, said: Text) -> Text:
    """What is `said`, and after it what the release is used without meeting."""
    if not release.standing_waivers:
        return said
    waived = TEXTS["waived"].filled(waivers=release.waivers_in_short)
    return Text(f"{said.sv} {waived.sv}", f"{said.en} {waived.en}")


def risk_of_what(release: Release) -> Text:
    """That a risk is one, and of what."""
    return _both("risk", outcome=release.outcome.text)


def asked(release: Release, question: Question) -> Text:
    """A question, with the numbers that it may be answered with, and who asks it when."""
    part = next(part for part in release.parts if part.id == question.part)
    numbers = question.numbers
    if numbers is None:
        return _both("asked", question=question.text, part=part.text, who=part.who)
    range_ = shown_range(release, question, numbers)
    return _both("asked_number", question=question.text, numbers=range_, part=part.text, who=part.who)


def all_but(release: Release, question: Question, numbers: Numbers) -> Text:
    """Any other number than those that have points."""
    return _both("outside", numbers=shown_range(release, question, numbers))


def shown_range(release: Release, question: Question, numbers: Numbers) -> Text:
    """The numbers that have points, with their unit; where none has, those that the release knows."""
    known = list(scored_numbers(question, release.abstention)) or [numbers.minimum, numbers.maximum]
    return shown_answer(question, known[0], known[-1])


def _which(release: Release) -> Text:
    publication = release.publication
    if publication is None:
        return TEXTS["not_published"]
    return TEXTS["published"].filled(id=publication.id, first=publication.valid_from, last=publication.valid_until)


def _both(key: str, **parts: Text) -> Text:
    said = (
        TEXTS.say(key, language, **{name: part.said(language) for name, part in parts.items()})
        for language in LANGUAGES
    )
    return Text(*said)
