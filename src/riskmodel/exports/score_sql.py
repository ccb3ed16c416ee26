"""The file score.sql of a release: points, risk and `unusual` in SQL that any engine runs."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import TypeAlias

from riskmodel.exports.coded import Coded
from riskmodel.release.answers import no_answer_spellings, scored_numbers, silent_numbers, why_not_scored
from riskmodel.release.item import UNANSWERED, Code, Item, Question
from riskmodel.release.landmark import RARITY_LIMIT, Landmark, Rarity
from riskmodel.release.record import Release

Case: TypeAlias = tuple[str, Code | None]  # a condition on a question's column, and the answer that it says
HEAD = """\
-- {title}
{notes}-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, {columns}.
-- Levels are given as codes, in no other spelling; numbers as they are asked for, not as years of birth, and
-- whole where the column is integer. NULL is no answer, and so is a number that stands for none.
-- What the release does not know, an answer with a rule of its own, a number outside its range and an age
-- outside {min_age}-{max_age} give NULL, never a guess.
"""
EARLY = """\
WITH points_by_item AS (
  SELECT
    case_id,
{items}
  FROM answers
),
points_by_case AS (
  SELECT case_id, {total} AS points FROM points_by_item
),
risk_by_points (points, risk) AS (
  VALUES
{risks}
)
SELECT points_by_case.case_id, points_by_case.points, risk_by_points.risk
FROM points_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = points_by_case.points
ORDER BY points_by_case.case_id;
"""
ASKS_UNUSUAL = """\
-- Hardly anybody like an unusual case was ever seen: its risk would be uncertain, and is NULL. Rarity says how rare
-- each answer is; beyond a sum of {limit} a case is unusual.
WITH numbers_by_item AS (
  SELECT
    case_id,
{items}
  FROM answers
),
numbers_by_case AS (
  SELECT
    case_id,
    {points} AS points,
    {rarity} > {limit} AS unusual
  FROM numbers_by_item
),
risk_by_points (points, risk) AS (
  VALUES
{risks}
)
SELECT
  numbers_by_case.case_id,
  numbers_by_case.points,
  CASE WHEN numbers_by_case.unusual THEN NULL ELSE risk_by_points.risk END AS risk,
  numbers_by_case.unusual
FROM numbers_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = numbers_by_case.points
ORDER BY numbers_by_case.case_id;
"""


def score_files(coded: Coded) -> dict[str, bytes]:
    """score.sql for the first table; a later landmark's carries its month in the name."""
    release, files = coded.release, {}
    title = (
        f"riskmodel {release.id or 'candidate, not published'}: {', '.join(one.name for one in release.municipalities)}"
    )
    notes = [f"Waiver of {waiver.line}" for waiver in release.standing_waivers]
    for landmark in release.landmarks:
        name = "score.sql" if landmark.month == 0 else f"score_month_{landmark.month}.sql"
        sql = score_sql(release, landmark, title=f"{title}, month {landmark.month}", notes=notes)
        files[name] = sql.encode()
    return files


def score_sql(release: Release, landmark: Landmark, *, title: str, notes: Iterable[str] = ()) -> str:
    """The statement for one table of points. title: the first line's text; notes: of the lines under it."""
    head = HEAD.format(
        title=_comment(title),
        notes="".join(f"-- {_comment(note)}\n" for note in notes),
        columns=_comment(", ".join(_declared(question) for question in landmark.questions)),
        min_age=release.abstention.min_age,
        max_age=release.abstention.max_age,
    )
    # both read a quoted number as a double; DuckDB makes a bare one a decimal first, and its last digit may go
    risks = ",\n".join(f"    ({points}, {_double(risk)})" for points, risk in landmark.risk.by_sum.items())
    rarity = landmark.rarity
    return head + (_early(release, landmark, risks) if rarity is None else _by_rarity(release, landmark, rarity, risks))


def _early(release: Release, landmark: Landmark, risks: str) -> str:
    """What formats without errors say, byte for byte as it was published."""
    return EARLY.format(
        items=",\n".join(_case(release, item, item.points_of, _quoted(item.id)) for item in landmark.items),
        total=" + ".join(_quoted(item.id) for item in landmark.items),
        risks=risks,
    )


def _by_rarity(release: Release, landmark: Landmark, rarity: Rarity, risks: str) -> str:
    items, places = [], range(1, len(landmark.items) + 1)
    for place, item in zip(places, landmark.items, strict=True):
        points = _case(release, item, item.points_of, f"points_{place}")
        rarities = _case(release, item, partial(rarity.of_answer, item), f"rarity_{place}")
        items.append(f"    -- {_comment(item.id)}\n{points},\n{rarities}")
    return ASKS_UNUSUAL.format(
        items=",\n".join(items),
        points=" + ".join(f"points_{place}" for place in places),
        rarity=" + ".join([str(rarity.mean), *(f"rarity_{place}" for place in places)]),
        limit=RARITY_LIMIT,
        risks=risks,
    )


def _case(release: Release, item: Item, number_of: Callable[[Code | None], int], name: str) -> str:
    """The number that `number_of` gives for what is answered to `item`, as a column."""
    numbers = ((condition, number_of(answer)) for condition, answer in _conditions(release, item))
    whens = "\n".join(f"      WHEN {condition} THEN {number}" for condition, number in numbers)
    return f"    CASE\n{whens}\n    END AS {name}"


def _conditions(release: Release, item: Item) -> Iterator[tuple[str, Code | None]]:
    """What to ask of the columns of the questions of `item`, and what is answered to it where it holds."""
    for cases in product(*(_cases(release, question) for question in item.questions)):
        answers = {question.id: answer for question, (_, answer) in zip(item.questions, cases, strict=True)}
        given = item.given(answers)
        yield " AND ".join(condition for condition, _ in cases), given


def _cases(release: Release, question: Question) -> Iterator[Case]:
    given = _number_cases(release, question) if question.numbers is not None else _level_cases(question)
    cases = [(f"{_quoted(question.id)} IS NULL", None), *given]
    return (case for case in cases if why_not_scored(release, question, case[1]) is None)


def _number_cases(release: Release, item: Question) -> Iterator[Case]:
    column = _quoted(item.id)
    for number in silent_numbers(item, no_answer=no_answer_spellings(release, item)):
        yield f"{column} = {_double(number) if _is_amount(item) else _bare(number)}", None
    if _is_amount(item):
        yield f"{column} = CAST('NaN' AS DOUBLE PRECISION)", None
    for number in scored_numbers(item, release.abstention):
        yield _rounded_to(number, column, item.scale) if _is_amount(item) else f"{column} = {number}", number


def _rounded_to(number: int, column: str, scale: float) -> str:
    """That what is written rounds to `number` of the table's steps, halves to even."""
    steps = f"CAST({column} AS DOUBLE PRECISION) * {_double(scale)}"
    low, high = _double(number - 0.5), _double(number + 0.5)
    return f"{steps} BETWEEN {low} AND {high}" if number % 2 == 0 else f"{steps} > {low} AND {steps} < {high}"


def _level_cases(item: Question) -> Iterator[Case]:
    column = _quoted(item.id)
    blanks = ", ".join(_text(answer) for answer in UNANSWERED if answer is not None)
    yield f"{column} IN ({blanks})", None
    for level in item.levels:
        if not level.route:
            yield f"{column} = {_text(level.code)}", level.code


def _declared(item: Question) -> str:
    kind = "text" if item.numbers is None else "double precision" if _is_amount(item) else "integer"
    return f"{_quoted(item.id)} {kind}"


def _is_amount(item: Question) -> bool:
    return item.scale != 1


def _double(number: float) -> str:
    return f"CAST('{number!r}' AS DOUBLE PRECISION)"


def _bare(number: float) -> str:
    """Every digit of `number`, as whole numbers are written in SQL when it is one."""
    return str(int(number)) if number == number // 1 else repr(number)


def _comment(text: str) -> str:
    """`text` on one line: what follows a line break would be run."""
    return " ".join(text.split())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
