"""A delivery's folder to a drafted instrument, whole or not at all."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from riskmodel.draft.boxes import boxes_of, is_lone_tick, sign_between
from riskmodel.draft.compose import TEXTS, Findings, sections_of
from riskmodel.draft.groups import grouped
from riskmodel.draft.lexicon import EXITS, NO_ANSWER, ROLES, says
from riskmodel.draft.opened import Opened, open_file
from riskmodel.draft.questions import drafted_questions, is_of_union
from riskmodel.draft.refusals import REFUSALS
from riskmodel.draft.sections import Section, toml_of
from riskmodel.draft.sources import Found, found_sources, like_source
from riskmodel.draft.wording import Asked, answers_under, asked_questions, enough, people_by_word, usual_form
from riskmodel.extracts.blame import FEWEST_ACROSS, months_across_n
from riskmodel.extracts.files import TRUTH, every_file, is_hidden
from riskmodel.extracts.words import SHOWABLE
from riskmodel.ground.errors import SettingsError, SurveyDataError, told_as
from riskmodel.ground.files import is_taken, sha256_of_file, write_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text, listed
from riskmodel.instrument.load import YES_AND_NO, open_places
from riskmodel.instrument.spelling import level_spellings, spelling


@dataclass(frozen=True)
class Draft:
    """A drafted instrument, and what to tell of it, a line each."""

    sections: Sequence[Section]
    told: Sequence[str]

    @property
    def toml(self) -> str:
        """Its file."""
        return toml_of(self.sections)

    @property
    def guesses_n(self) -> int:
        """How many guesses are marked."""
        return sum(bool(entry.why) for section in self.sections for entry in section.entries)

    @property
    def open_n(self) -> int:
        """How many answers are left open."""
        return len([*open_places(tomllib.loads(self.toml))])

    @property
    def items_n(self) -> int:
        """How many questions there are."""
        return sum(section.path == "items" for section in self.sections)


def draft_instrument(folder: Path, name: str, settings: Settings, language: str) -> Draft:
    """The instrument that `folder` speaks for; a `SurveyDataError` where it has no register and intake, and no cohort.

    Words are shown that enough people wrote under the settings' disclosure profile. Nothing is written.
    """
    paths = _visible(folder)
    opened, refused = _opened(paths)
    groups = grouped(sheet for one in opened for sheet in one.sheets(every=False))
    found = found_sources(groups)
    if not found:  # two of them may stand on two sheets
        groups = grouped(sheet for one in opened for sheet in one.sheets(every=True))
        found = found_sources(groups)
    is_rest = bool(refused) and "cohort" in found and bool(found["cohort"].missing)  # what is left of another delivery
    if not found or is_rest:
        first = [*(error.message for error in refused), *_left_out(opened), *_across(opened)][:1]
        raise SurveyDataError(listed([*first, REFUSALS["no_sources"].filled(n=len(groups))], " "))
    used = {(one.name, one.sheet) for source in found.values() for one in source.group.files}
    names = {name for name, _ in used}
    asking = [source for source in found.values() if source.asks]
    asked = asked_questions(asking)
    profile = settings.release.profile
    years = {source.name: source.years for source in asking}
    findings = Findings(
        sources=found,
        questions=drafted_questions(asked, years, profile=profile, are_dated=not asking[0].for_all),
        no_answer=_no_answer(asked, profile),
        codes={key: _codes(source, profile) for key, source in found.items()},
        left_out=[text.said(language) for text in (*_left_out(opened), *_ticked(asked, profile))],
        unused=[*_unused(opened, names, found, paths, language)],
        union_n=sum(map(is_of_union, asked)),
        names=[*paths],
    )
    told = [*_told(findings, language), *(text.said(language) for text in _other_sheets(opened, used))]
    told += [text.said(language) for text in _broken(opened)]
    told += [error.said(language) for error in refused]
    return Draft(_sections(findings, name, settings, language, refused), told)


def _sections(
    found: Findings, name: str, settings: Settings, language: str, refused: Sequence[SurveyDataError]
) -> list[Section]:
    """The instrument's sections; where none can be made, a file that can't be read is told as the first reason."""
    try:
        return sections_of(found, name, settings.cohort, language)
    except SurveyDataError as error:
        reasons = [*(one.message for one in refused[:1]), error.message]
    raise SurveyDataError(listed(reasons, " "))


def write_draft(path: Path, content: bytes) -> None:
    """Write a draft to `path`, which must be free: a `SettingsError` where something lies there."""
    check_free(path)
    with told_as(SettingsError, REFUSALS["unwritable"], file=path.name):
        write_bytes(path, content)


def check_free(path: Path) -> None:
    """Raise a `SettingsError` where something lies at `path`: what somebody wrote by hand is never replaced."""
    if is_taken(path):
        raise SettingsError(REFUSALS["is_there"].filled(file=path.name))


def _visible(folder: Path) -> dict[str, Path]:
    """Name to path of the files that a delivery is read from."""
    paths = every_file(folder).items()
    return {name: path for name, path in paths if name != TRUTH and not any(map(is_hidden, Path(name).parts))}


def _opened(paths: Mapping[str, Path]) -> tuple[list[Opened], list[SurveyDataError]]:
    """The files that can be read as tables, and why others can't."""
    opened, refused = [], []
    for name, path in paths.items():
        try:
            opened.append(open_file(name, path))
        except SurveyDataError as error:
            refused.append(error)
    return opened, refused


def _no_answer(asked: Sequence[Asked], profile: str) -> list[str]:
    """The blank, and the texts that mean no answer where enough people wrote them, each once."""
    by_word = {word: one.usual[word] for one in reversed(asked) for word in one.silent(profile)}
    return ["", *(text for word, text in sorted(by_word.items()) if word)]


def _codes(source: Found, profile: str) -> dict[str, str | int]:
    """Written words to what they mean: how a spell ended, or which outcome it was."""
    role = source.roles.get("outcome" if source.asks else "exit")
    if role is None:
        return {"": source.kind} if source.name == "exits" and source.kind else {}
    words = _shown_words(source, role.key, profile)
    if not source.asks:
        found = ((text, meaning) for text in words for meaning, sign in EXITS.items() if sign.search(spelling(text)))
        return dict(found)
    no, yes = map(level_spellings, YES_AND_NO)
    known = {text: int(spelling(text) in yes) for text in words if spelling(text) in no | yes}
    return dict(known) if len(known) == len(words) else {text: place for place, text in enumerate(sorted(words)[:2])}


def _shown_words(source: Found, key: str, profile: str) -> list[str]:
    answers = answers_under(source, key)
    people, usual = people_by_word(answers[~answers["word"].isin(NO_ANSWER)]), usual_form(answers)
    return [usual[word] for word in enough(people, profile) if SHOWABLE.fullmatch(usual[word])]


def _told(found: Findings, language: str) -> list[str]:
    say = TEXTS.speaking(language)
    lines = [
        say("read_as", file=source.group.names, source=say(f"source_{key}"), n=len(source.questions) * source.asks)
        for key, source in found.sources.items()
    ]
    return [*lines, *found.left_out, *found.unused]


def _unused(
    opened: Iterable[Opened],
    used: Collection[str],
    sources: Mapping[str, Found],
    paths: Mapping[str, Path],
    language: str,
) -> Iterator[str]:
    """The files that are not `used`; a copy of one, a part of a source, or a list of exits is told as such."""
    say = TEXTS.speaking(language)
    copies = {sha256_of_file(paths[name]): name for name in sorted(used, reverse=True)}
    for one in opened:
        if one.name in used:
            continue
        if copy := copies.get(sha256_of_file(paths[one.name])):
            yield say("unused_copy", file=one.name, other=copy)
        elif like := like_source(grouped([one])[0], sources):
            source, roles = like
            named = {"source": say(f"source_{source.name}"), "roles": ", ".join(roles)}
            yield say("unused_part", file=one.name, other=source.group.names, **named)
        else:
            yield say("exits_apart" if _has_exits_apart(one, sources) else "unused_file", file=one.name)


def _has_exits_apart(one: Opened, sources: Mapping[str, Found]) -> bool:
    """Whether it tells how assistance ended, where no source does."""
    register = sources.get("register")
    is_exits = any(says(ROLES["exit"], heading) for heading in one.table.headings)
    return register is not None and "exit" not in register.roles and "exits" not in sources and is_exits


def _ticked(asked: Sequence[Asked], profile: str) -> Iterator[Text]:
    """What to say of ticked answers: boxes of one question, ticks without an opposite, several in a cell."""
    boxes = boxes_of(asked)
    for stem, own in boxes.items():
        yield TEXTS["boxes"].filled(question=repr(stem), n=len(own), boxes=", ".join(own.values()))
    stems = {key: stem for stem, own in boxes.items() for key in own}
    ticked = [stems.get(one.key, one.wording) for one in asked if is_lone_tick(one) and one.shown(profile)]
    yield from (TEXTS["lone_tick"].filled(question=repr(name)) for name in dict.fromkeys(ticked))
    for one in asked:
        if sign := sign_between(one):
            yield TEXTS["in_one_cell"].filled(question=repr(one.wording), sign=sign)


def _other_sheets(opened: Iterable[Opened], used: Collection[tuple[str, str]]) -> Iterator[Text]:
    """The workbooks of which a sheet is read, though others hold a table, too. used: names of files and sheets."""
    for one in opened:
        left = [repr(sheet.sheet) for sheet in (one, *one.others) if (one.name, sheet.sheet) not in used]
        read = [sheet for sheet in (one, *one.others) if (one.name, sheet.sheet) in used]
        sheets = [repr(name) for sheet in read for name in (sheet.sheet, *sheet.alike)]
        if read and not left and one.alike:
            yield TEXTS["all_sheets"].filled(file=one.name, sheets=", ".join(sheets))
        if left and read:
            yield TEXTS["other_sheets"].filled(file=one.name, sheet=", ".join(sheets), others=", ".join(left))


def _across(opened: Iterable[Opened]) -> Iterator[Text]:
    """The files in which a column stands for each month."""
    found = ((one.name, months_across_n(one.table.headings)) for one in opened)
    return (REFUSALS["months_across"].filled(file=name, n=n) for name, n in found if n >= FEWEST_ACROSS)


def _broken(opened: Iterable[Opened]) -> Iterator[Text]:
    """The files whose cells have letters that were lost before."""
    return (TEXTS["broken_letters"].filled(file=one.name, n=one.broken_n) for one in opened if one.broken_n)


def _left_out(opened: Sequence[Opened]) -> list[Text]:
    """The columns that were left out, a line each."""
    columns = [
        (one.name, key, found)
        for one in opened
        for key, found in (("private", one.private), ("doubled", one.doubled), ("unread", one.table.unread))
    ]
    return [TEXTS[key].filled(file=name, heading=repr(each)) for name, key, found in columns for each in found]
