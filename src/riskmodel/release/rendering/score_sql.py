"""A release as one SQL statement that runs unchanged on DuckDB and PostgreSQL."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from riskmodel.release.content.arithmetic import UNANSWERED

STATEMENT = """\
-- {title}
{notes}-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, {columns}.
-- Levels are given as codes, numbers as whole numbers; NULL is no answer.
-- An answer that the release does not know, or that leads to a rule of its own, gives NULL, never a guess.
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
COLUMN_TYPES = {"number": "integer"}  # every other kind is text


def score_sql(landmark: Mapping[str, Any], *, title: str, notes: Iterable[str] = ()) -> str:
    """The statement for one table of points. title: the first line's text; notes: of the lines under it."""
    risks = enumerate(landmark["risk"]["values"], start=landmark["risk"]["first"])
    return STATEMENT.format(
        title=_comment(title),
        notes="".join(f"-- {_comment(note)}\n" for note in notes),
        columns=_comment(", ".join(_declared(item) for item in landmark["items"])),
        items=",\n".join(_item_case(item) for item in landmark["items"]),
        total=" + ".join(_quoted(item["id"]) for item in landmark["items"]),
        # both read a quoted number as a double; DuckDB makes a bare one a decimal first, and its last digit may go
        risks=",\n".join(f"    ({points}, CAST('{risk!r}' AS DOUBLE PRECISION))" for points, risk in risks),
    )


def _item_case(item: Mapping[str, Any]) -> str:
    whens = "\n".join(f"      WHEN {condition} THEN {points}" for condition, points in _cases(item))
    return f"    CASE\n{whens}\n    END AS {_quoted(item['id'])}"


def _cases(item: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    column = _quoted(item["id"])
    yield f"{column} IS NULL", item["no_answer"]["points"]
    if item["kind"] == "number":
        for number, points in enumerate(item["numbers"]["points"], start=item["numbers"]["minimum"]):
            yield f"{column} = {number}", points
        return
    blanks = ", ".join(_text(answer) for answer in UNANSWERED if answer is not None)
    yield f"{column} IN ({blanks})", item["no_answer"]["points"]
    for level in item["levels"]:
        if not level["route"]:
            yield f"{column} = {_text(level['code'])}", level["points"]


def _declared(item: Mapping[str, Any]) -> str:
    return f"{_quoted(item['id'])} {COLUMN_TYPES.get(item['kind'], 'text')}"


def _comment(text: str) -> str:
    """`text` on one line: what follows a line break would be run."""
    return " ".join(text.split())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
