"""Which files are the register, the intake, the survey or a labelled cohort."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from riskmodel.draft.groups import NO_YEAR, Group
from riskmodel.draft.lexicon import EXITS, SOURCES, says
from riskmodel.draft.refusals import REFUSALS
from riskmodel.draft.roles import BY_CONTENT, Role, Roles, is_area, kept, person_columns, roles_of, rows_a_person
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.check_sources import ROLES
from riskmodel.instrument.records import ANSWER_SOURCES

BY_YEAR = ("intake", "survey")
LEAST = {"register": 2, "intake": 1, "survey": 2}  # that must speak for a file; intake answers are needed
MANY_ROWS = 2.5  # of a person: a register holds a row a month


@dataclass(frozen=True)
class Found:
    """A source of the delivery: its files, and its columns by role."""

    name: str
    group: Group
    roles: Roles
    for_all: bool = False  # intake answers without a month, which hold for every case

    @property
    def is_named_by_year(self) -> bool:
        """Whether the year that a survey is of stands in the names of its files alone."""
        return self.name == "survey" and "year" not in self.roles

    @property
    def years(self) -> tuple[int, ...]:
        """The years whose forms may differ, as the names of its files tell; none where they do not."""
        return self.group.years if self.group.years[0] != NO_YEAR and self.name in BY_YEAR else ()

    @property
    def missing(self) -> list[str]:
        """Roles that a labelled cohort needs, and nobody can guess here."""
        return [role for role in ("outcome", "year") if self.name == "cohort" and role not in self.roles]

    @property
    def questions(self) -> list[str]:
        """The columns without a role, spelled."""
        return _left(self.group, self.roles)

    @property
    def asks(self) -> bool:
        """Whether anybody was asked anything: the columns without a role are questions."""
        return self.name in ANSWER_SOURCES

    @property
    def kind(self) -> str | None:
        """The one way to leave that the names of its files tell of, None where they tell of none or several."""
        return _kind(self.group)


def _left(group: Group, roles: Roles) -> list[str]:
    used = {role.key for role in roles.values()}
    return [key for key in group.order if key not in used]


def _kind(group: Group) -> str | None:
    told = [kind for kind, words in EXITS.items() if all(says(words, one.name) for one in group.files)]
    return told[0] if len(told) == 1 else None


def found_sources(groups: Sequence[Group]) -> dict[str, Found]:
    """Name of a source to its files, in the instrument's order; none where register or intake, and a cohort, lack."""
    persons = person_columns(groups)
    roles = [roles_of(group, persons.get(place)) for place, group in enumerate(groups)]
    scores = [_scores(group, own) for group, own in zip(groups, roles, strict=True)]
    left, found = {*range(len(groups))}, dict[str, Found]()
    for name, least in LEAST.items():
        best = max(left, key=lambda place: (scores[place][name], groups[place].rows_n, -place), default=None)
        if best is not None and scores[best][name] >= least:
            left.discard(best)
            found[name] = _source(name, groups[best], roles[best])
    if "register" in found and "intake" not in found:
        found |= _for_all(groups, roles, left)
    used = {id(one.group) for one in found.values()}
    found |= _exits(groups, roles, [place for place in sorted(left) if id(groups[place]) not in used])
    if "register" not in found or "intake" not in found:
        found = _cohort(groups, roles)
    _check_read_alike(found)
    return _with_area(found)


def _with_area(found: dict[str, Found]) -> dict[str, Found]:
    """`found`, where a column that nothing is called by holds the same few texts in register and intake: the area."""
    register, intake = found.get("register"), found.get("intake")
    if register is None or intake is None or "area" in register.roles or "area" in intake.roles:
        return found
    both = [key for key in register.questions if key in intake.questions]
    places = [key for key in both if is_area(register.group.column(key), intake.group.column(key))]
    if len(places) != 1:
        return found
    area = {"area": Role(places[0], BY_CONTENT)}
    return {
        name: replace(one, roles=kept({**one.roles, **area}, ROLES[name])) if places[0] in one.questions else one
        for name, one in found.items()
    }


def _for_all(groups: Sequence[Group], roles: Sequence[Roles], left: Iterable[int]) -> dict[str, Found]:
    """The one file left that has a row a person and no month: facts that held before the first case."""
    places = [
        place
        for place in left
        if "person" in roles[place]
        and groups[place].years[0] == NO_YEAR
        and rows_a_person(groups[place], roles[place]) == 1
    ]
    if len(places) != 1:
        return {}
    own = kept(roles[places[0]], ("person", "area"))
    return {"intake": Found("intake", groups[places[0]], own, for_all=True)}


def _exits(groups: Sequence[Group], roles: Sequence[Roles], left: Iterable[int]) -> dict[str, Found]:
    """The one file left that says who left when, and why in a column or by its name; payments are none."""
    dated = {place: {**own, "month": own["end"]} if "end" in own else own for place, own in enumerate(roles)}
    places = [
        place
        for place in left
        if {"person", "month"} <= {*dated[place]}
        and ("exit" in dated[place] or _kind(groups[place]))
        and not _are_payments(groups[place], roles[place])
    ]
    if len(places) != 1:
        return {}
    return {"exits": Found("exits", groups[places[0]], kept(dated[places[0]], ROLES["exits"]))}


def like_source(group: Group, found: Mapping[str, Found]) -> tuple[Found, list[str]] | None:
    """The source that a file of no source may be another part of, and the roles that both have; None where none is.

    It is more payments, or asks most of what the source asks.
    """
    for source in found.values():
        both = [group, source.group]
        own = roles_of(group, person_columns(both).get(0))
        shared = [role for role in source.roles if role in own]
        asked = [key for key in source.questions if key in group.order]
        is_more = 2 * len(asked) > len(source.questions) if source.asks else _are_payments(group, own)
        if source.name != "exits" and "person" in shared and is_more:
            return source, shared
    return None


def _are_payments(group: Group, roles: Roles) -> bool:
    """Whether a person has many rows, with amounts."""
    return "amount" in roles and rows_a_person(group, roles) >= MANY_ROWS


def _source(name: str, group: Group, roles: Roles) -> Found:
    own = kept(roles, ROLES[name])
    if name == "survey" and group.years[0] != NO_YEAR:
        own.pop("year", None)
    are_spells = name == "register" and "start" in own
    others = ("year", "month") if are_spells else ("start", "end")
    return Found(name, group, {role: column for role, column in own.items() if role not in others})


def _scores(group: Group, roles: Roles) -> dict[str, int]:
    """How much speaks for each source, 0 where it can't be."""
    dated = {*roles} & {"month", "start"}
    name = {source: int(any(says(words, one.name) for one in group.files)) for source, words in SOURCES.items()}
    many = rows_a_person(group, roles) >= MANY_ROWS
    often = rows_a_person(group, roles, a_year=True) >= MANY_ROWS  # who stays is asked every year
    has_person = "person" in roles
    by_year = group.years[0] != NO_YEAR or "year" in roles
    asks = bool(_left(group, roles)) or not {"exit", "end"} & {*roles}  # else it tells who left, when and why
    return {
        "register": has_person * bool(dated) * (bool({*roles} & {"amount", "state"}) + many + name["register"]),
        "intake": has_person * ("month" in roles) * (not many) * asks * (2 + name["intake"] - name["survey"]),
        "survey": has_person * by_year * (not often) * (2 + name["survey"] - ("month" in roles)),
    }


def _cohort(groups: Sequence[Group], roles: Sequence[Roles]) -> dict[str, Found]:
    """The one file with an outcome and a year; of a lone file with a row a case somebody has to say which they are."""
    places = [place for place, own in enumerate(roles) if {"outcome", "year"} <= {*own}]
    if not places and len(groups) == 1 and rows_a_person(groups[0], roles[0]) < MANY_ROWS:
        places = [0]
    if len(places) != 1:
        return {}
    place, own = places[0], roles[places[0]]
    dated = {"year": own["month"]} | {**own} if "month" in own else own  # a date is read as its year
    return {"cohort": Found("cohort", groups[place], kept(dated, ROLES["cohort"]))}


def _check_read_alike(found: dict[str, Found]) -> None:
    unlike = [one for one in found.values() if one.group.reader is None]
    if unlike:
        group = unlike[0].group
        usual = Counter(one.reader for one in group.files).most_common(1)[0][0]
        [first, *_] = [one for one in group.files if one.reader != usual]
        pairs = ((one.name, getattr(first.reader, one.name), getattr(usual, one.name)) for one in fields(usual))
        told = ", ".join(f"{name} = {own!r} ({other!r})" for name, own, other in pairs if own != other)
        parts = {"files": group.names, "n": len(group.files), "file": first.name, "told": told}
        raise SurveyDataError(REFUSALS["other_readers"].filled(**parts))
