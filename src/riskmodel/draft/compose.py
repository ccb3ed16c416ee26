"""What was found, as the sections of an instrument: each guess says what it rests on, in the language asked for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from riskmodel.draft.lexicon import PAID_IN
from riskmodel.draft.questions import AGE, FLAG, LEVEL, MOST_LEVELS, NO_BIRTH, NUMBER, UNUSED, YEARS, Answer, Question
from riskmodel.draft.roles import BY_BOTH, BY_CONTENT, BY_NAME
from riskmodel.draft.sections import Entry, Section
from riskmodel.draft.sources import Found
from riskmodel.ground.settings import CohortSettings
from riskmodel.ground.words import read_words
from riskmodel.instrument.load import FORMAT, OPEN
from riskmodel.instrument.records import Reader

TEXTS = read_words(Path(__file__).parent / "texts" / "draft.toml")
AREA, INTAKE, REGISTER = "questions", "intake", "register"
A_WORD = re.compile(r"[^\W\d_]{2}")
LATER = 12  # months, where the settings name no later landmark
Say = Callable[..., str]


@dataclass(frozen=True)
class Findings:
    """All that a draft is made of. codes: source to its exits or outcomes; union_n: questions left out for that.

    left_out, unused: what to say of columns and files that were.
    names: of the delivery's files, those that could not be read, too.
    """

    sources: Mapping[str, Found]
    questions: Sequence[Question]
    no_answer: Sequence[str]
    codes: Mapping[str, Mapping[str, str | int]]
    left_out: Sequence[str]
    unused: Sequence[str]
    union_n: int = 0
    names: Sequence[str] = ()

    @property
    def asked(self) -> Found:
        """The source whose questions are asked first: the intake, or a labelled cohort."""
        return self.sources.get("intake") or self.sources["cohort"]


def sections_of(found: Findings, name: str, cohort: CohortSettings, language: str) -> list[Section]:
    """The instrument's sections, in the order in which one reads them."""
    say = TEXTS.speaking(language)
    later = max((*cohort.landmarks, 0)) or LATER
    return [
        _top(found, name, later, say),
        Section("municipality", (Entry("code", OPEN), Entry("name", OPEN))),
        Section("life_areas", (Entry(AREA, say("life_area")),)),
        *_parts(found, later, say),
        *(_source(source, found, say) for source in found.sources.values()),
        *(_item(question, cohort, say) for question in found.questions),
        *_from_register(found, cohort, say),
    ]


def _top(found: Findings, name: str, later: int, say: Say) -> Section:
    union = [say("union")] * bool(found.union_n)
    when = say("labelled") if "cohort" in found.sources else say("later", month=later)
    told = (*found.left_out, *found.unused, *union)
    remarks = (say("about"), say("to_do"), when, say("safe"), say("three"), *told)
    no_answer = Entry("no_answer", [*found.no_answer], say("no_answer"))
    return Section("", (Entry("format", FORMAT), Entry("name", name), no_answer), remarks)


def _parts(found: Findings, later: int, say: Say) -> Iterator[Section]:
    when = say("asked_when", file=found.asked.group.names)
    month = Entry("month", 0 if "cohort" in found.sources else later, when)
    who = Entry("who", say("who_intake"), say("who"))
    yield Section("parts", (Entry("id", INTAKE), month, Entry("text", say("part_intake")), who), is_one_of=True)
    if "register" in found.sources:
        texts = (Entry("text", say("part_register")), Entry("who", say("who_register")))
        yield Section("parts", (Entry("id", REGISTER), Entry("month", 0), *texts), is_one_of=True)


def _source(source: Found, found: Findings, say: Say) -> Section:
    group = source.group
    why = say("intake_for_all") if source.for_all else say(source.name)
    entries = [Entry("files", group.pattern(found.names, with_year=source.is_named_by_year), why)]
    if source.name == "register":
        entries += _register_entries(source, say)
    reader = _told_reader(group.reader or Reader())
    entries += [Entry("reader", reader, say("reader"))] if reader else []
    columns = {role: group.headings[column.key] for role, column in source.roles.items()}
    entries.append(Entry("columns", columns | dict.fromkeys(source.missing, OPEN), _resting_on(source, say)))
    others = {heading: role for role, own in source.roles.items() for heading in group.other_headings(own.key)}
    entries += [Entry("other_headings", others, say("other_headings"))] if others else []
    entries += [Entry("valid_for_all_cases", True, say("for_all"))] * source.for_all
    entries += _codes(source, found.codes.get(source.name, {}), say)
    left = [group.headings[key] for key in source.questions] if not source.asks else []
    remarks = (say("unused_columns", file=group.names, headings=", ".join(left)),) if left else ()
    return Section(f"sources.{source.name}", tuple(entries), remarks)


def _codes(source: Found, codes: Mapping[str, str | int], say: Say) -> Iterator[Entry]:
    """What its outcomes or exits are called; exits may be called by words that too few wrote to be shown."""
    if source.name == "cohort":
        yield from [Entry("outcome_codes", dict(codes), say("outcome"))] * bool(codes)
    elif codes or "exit" in source.roles:
        yield Entry("exit_codes", dict(codes), say("exit_codes" if codes else "no_exit_codes"))


def _register_entries(source: Found, say: Say) -> Iterator[Entry]:
    if "start" in source.roles:
        yield Entry("layout", "spells")
    dates = [role.key for name, role in source.roles.items() if name in ("month", "start")]
    is_paid = any(source.group.is_called(PAID_IN, key) for key in dates)
    meaning = "paid_in" if is_paid else "granted_for"
    if "state" in source.roles:
        yield Entry("states", OPEN, say("states"))
    yield Entry("month_meaning", meaning, say("paid_in") if is_paid else say("granted_for"))


def _resting_on(source: Found, say: Say) -> str:
    """What the guesses of its columns rest on, the surest first."""
    missing = [say("missing", roles=", ".join(source.missing))] * bool(source.missing)
    told = {BY_BOTH: "by_both", BY_CONTENT: "by_content", BY_NAME: "by_name"}
    by_why = {why: [name for name, role in source.roles.items() if role.why == why] for why in told}
    return "; ".join([*missing, *(say(told[why], roles=", ".join(names)) for why, names in by_why.items() if names)])


def _told_reader(reader: Reader) -> dict[str, object]:
    """What differs from the reader that is meant where nothing is said."""
    usual = Reader()
    both = ((one.name, getattr(reader, one.name), getattr(usual, one.name)) for one in fields(reader))
    return {name: own for name, own, default in both if own != default}


def _item(question: Question, cohort: CohortSettings, say: Say) -> Section:
    use, why = _use(question, say)
    entries = [Entry("id", question.id), Entry("text", question.wording), _kind(question, say), Entry("use", use, why)]
    if question.grounds:
        entries.append(Entry("grounds", [*question.grounds]))
    if use == "predictor":
        entries.append(_direction(question, say))
    if use != "never":
        entries += _chosen(INTAKE)
    if question.kind in (AGE, NUMBER, YEARS):
        entries += _limits(question, cohort, say)
    if question.kind == LEVEL and use != "never":
        entries.append(Entry("reference", question.reference, say("reference")))
    if question.no_answer and use != "never":
        entries.append(Entry("no_answer", [*question.no_answer], say("silent_codes")))
    headings = {heading for heading in question.columns.values() if heading}
    of_columns = [say("wording")] * (len(headings) > 1)
    of_columns += [say("hidden", n=question.hidden_n)] * (question.kind == FLAG and question.hidden_n > 0)
    entries.append(Entry("columns", dict(question.columns), ". ".join(of_columns)))
    if question.answers:
        told = [say("hidden", n=question.hidden_n)] * bool(question.hidden_n)
        told += [say("aliases")] * any(answer.aliases for answer in question.answers)
        told += [say("codes")] * (not any(A_WORD.search(answer.text) for answer in question.answers))
        entries.append(Entry("levels", [_level(answer) for answer in question.answers], ". ".join(told)))
    return Section("items", tuple(entries), is_one_of=True)


def _direction(question: Question, say: Say) -> Entry:
    """Open; of a box nobody has to say which way it points, since its fellows would be as many answers."""
    if question.box_of:
        return Entry("direction", "none", say("box", question=repr(question.box_of)))
    return Entry("direction", OPEN, say("direction"))


def _level(answer: Answer) -> dict[str, object]:
    level: dict[str, object] = {"code": answer.code, "text": answer.text}
    return level | ({"aliases": answer.aliases} if answer.aliases else {})


def _use(question: Question, say: Say) -> tuple[str, str]:
    if question.kind in (UNUSED, NO_BIRTH):
        return "never", say("never")
    if not question.at_intake:
        return "never", say("survey_only")
    if question.grounds:
        return "audit", say("audit", why="; ".join(_touched(question, say)))
    return "predictor", ""


def _touched(question: Question, say: Say) -> Iterator[str]:
    """What it may touch, and by what."""
    for word in dict.fromkeys(sorted(question.grounds.values())):
        grounds = ", ".join(ground for ground, by in question.grounds.items() if by == word)
        yield say("by_answer", word=word, grounds=grounds) if word else say("by_heading", grounds=grounds)


def _kind(question: Question, say: Say) -> Entry:
    if question.kind in (NUMBER, YEARS):
        return Entry("kind", "number", say("kind_number", most=MOST_LEVELS))
    if question.kind == AGE:
        return Entry("kind", "number", say("kind_age"))
    if question.kind == NO_BIRTH:
        return Entry("kind", "level", say("kind_no_birth"))
    if question.kind == FLAG:
        return Entry("kind", "flag", say("kind_flag"))
    if question.kind == UNUSED:
        lone = say("kind_lone") if question.texts_n == 1 else say("kind_unused", n=question.texts_n)
        return Entry("kind", "level", say("kind_torn") if question.is_torn else lone)
    n = len(question.answers)
    return Entry("kind", "level", say("kind_ordered", n=n) if question.is_ordered else say("kind_level", n=n))


def _chosen(part: str) -> list[Entry]:
    """The careful choices."""
    return [Entry("life_area", AREA), Entry("part", part), Entry("stable", False), Entry("changeable", False)]


def _limits(question: Question, cohort: CohortSettings, say: Say) -> list[Entry]:
    if question.kind in (AGE, YEARS):
        ages = (Entry("minimum", cohort.min_age, say("age_limits")), Entry("maximum", cohort.max_age))
        return [*[Entry("derive", "age")] * (question.kind == AGE), Entry("unit", say("years_unit")), *ages]
    scale = [Entry("scale", question.scale)] if question.scale != 1 else []
    return [Entry("minimum", question.minimum, say("limits")), Entry("maximum", question.maximum), *scale]


def _from_register(found: Findings, cohort: CohortSettings, say: Say) -> Iterator[Section]:
    """The questions that are asked of nobody, where there is a register to count in."""
    if "register" not in found.sources:
        return
    taken = {question.id for question in found.questions}
    months = cohort.earlier_last_month - cohort.earlier_first_month + 1
    later = [month for month in cohort.landmarks if month]
    counted = [("earlier_months", say("earlier_months"), 0, months)]
    counted += [("receipts_so_far", say("receipts_so_far"), later[0], later[0])] if later else []
    for name, text, known_from, most in counted:
        if name not in taken:
            yield Section("items", tuple(_counted(name, text, known_from, most, say)), is_one_of=True)


def _counted(name: str, text: str, known_from: int, most: int, say: Say) -> Iterable[Entry]:
    yield from (Entry("id", name), Entry("text", text), Entry("kind", "number"))
    yield from (Entry("use", "predictor", say("from_register")), Entry("direction", OPEN, say("direction")))
    yield from _chosen(REGISTER)
    yield from (Entry("known_from", known_from), Entry("derive", name), Entry("unit", say("months_unit")))
    yield from (Entry("minimum", 0), Entry("maximum", most))
