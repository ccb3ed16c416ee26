"""Which files are the register, the intake, the survey or a labelled cohort."""

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.draft.groups import NO_YEAR, Group
from riskmodel.draft.lexicon import SOURCES, says
from riskmodel.draft.roles import Roles, kept, person_columns, roles_of, rows_a_person
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.check_sources import ROLES

MANY_ROWS = 2.5  # of a person: a register holds a row a month


@dataclass(frozen=True)
class Found:
    """A source of the delivery: its files, its columns by role, and what the guess rests on (a key of the texts)."""

    name: str
    group: Group
    roles: Roles
    why: str

    @property
    def by_year(self) -> bool:
        """Whether its year stands in the names of its files."""
        return self.name == "survey" and "year" not in self.roles

    @property
    def questions(self) -> list[str]:
        """The columns without a role, spelled."""
        used = {role.key for role in self.roles.values()}
        return [key for key in self.group.order if key not in used]


def found_sources(groups: Sequence[Group]) -> dict[str, Found]:
    """Name of a source to its files, in the instrument's order; a delivery without them is a `SurveyDataError`."""
    persons = person_columns(groups)
    roles = [roles_of(group, persons.get(place)) for place, group in enumerate(groups)]
    scores = [_scores(group, own) for group, own in zip(groups, roles, strict=True)]
    left, found = {*range(len(groups))}, dict[str, Found]()
    for name in ("register", "intake", "survey"):
        best = max(left, key=lambda place: (scores[place][name], groups[place].rows_n, -place), default=None)
        if best is not None and scores[best][name] >= 2:
            left.discard(best)
            found[name] = _source(name, groups[best], roles[best])
    if "register" not in found or "intake" not in found:
        found = _cohort(groups, roles)
    _check_found(found, groups)
    return found


def _source(name: str, group: Group, roles: Roles) -> Found:
    own = kept(roles, ROLES[name])
    if name == "survey" and group.years[0] != NO_YEAR:
        own.pop("year", None)
    if name != "register" or "start" not in own:
        own = {role: column for role, column in own.items() if role not in ("start", "end")}
    if name in ("intake", "survey") and "month" not in own and name == "intake":
        own.pop("year", None)
    return Found(name, group, own, name)


def _scores(group: Group, roles: Roles) -> dict[str, int]:
    """How much speaks for each source: 2 is enough."""
    dated = {*roles} & {"month", "start"}
    name = {source: int(any(says(words, one.name) for one in group.files)) for source, words in SOURCES.items()}
    many = rows_a_person(group, roles) >= MANY_ROWS
    has_person = "person" in roles
    by_year = group.years[0] != NO_YEAR or "year" in roles
    return {
        "register": has_person * bool(dated) * (("amount" in roles) + many + name["register"]),
        "intake": has_person * ("month" in roles) * (not many) * (2 + name["intake"] - name["survey"]),
        "survey": has_person * by_year * (not many) * (2 + name["survey"] - ("month" in roles)),
    }


def _cohort(groups: Sequence[Group], roles: Sequence[Roles]) -> dict[str, Found]:
    labelled = [place for place, own in enumerate(roles) if {"outcome", "year"} <= {*own}]
    if len(labelled) != 1:
        return {}
    place = labelled[0]
    return {"cohort": Found("cohort", groups[place], kept(roles[place], ROLES["cohort"]), "cohort")}


def _check_found(found: dict[str, Found], groups: Sequence[Group]) -> None:
    if not found:
        raise SurveyDataError(
            f"The delivery's folder: of {len(groups)} kinds of file, none is a labelled cohort (columns outcome and "
            "year), or not both are there: a register (a person column, months, many rows a person, amounts) and "
            "intake answers (a person column, months, a row or two a person). Give columns such headings, and write "
            "persons alike in both files; or write the instrument by hand (docs/analyst.md)."
        )
    unlike = [one for one in found.values() if not one.group.is_read_alike]
    if unlike:
        raise SurveyDataError(
            f"{unlike[0].group.names}: the {len(unlike[0].group.files)} files need different readers (allowed 1). Save "
            "them alike: delimiter, encoding, sheet and row of headings."
        )
