"""Rows of the register to months with receipt: Ibis expressions only, so that any engine can run them.

Months are whole numbers, money whole öre. `rows` has one row per row kept of the register: person_id,
household_id, month, amount_ore, area, exit. Persons, households and areas are texts or whole numbers that sort like
them: an engine joins numbers faster than texts, and in less memory.
"""

import ibis
from ibis import _
from ibis.expr.types import Table

from riskmodel.instrument.records import EXITS

FOREVER_MONTH = 10_000 * 12  # the end of an absence that the register never ends


def registered_by_person_household_month(rows: Table) -> Table:
    """One row per person, household and month in the register."""
    return rows.group_by(["person_id", "household_id", "month"]).agg(
        amount_ore=_.amount_ore.sum().cast("int64"), area=_.area.max()
    )


def registered_by_person_month(registered: Table) -> Table:
    """One row per person and month in the register."""
    return registered.group_by(["person_id", "month"]).agg(area=_.area.max())


def nothing_by_person_month(registered: Table) -> Table:
    """One row per person and month whose households together have no net above zero.

    Almost everybody has: only the households whose own net is not above zero, and who is registered there, are added.
    """
    owing = _net_by_household_month(registered).filter(_.net_ore <= 0)
    concerned = registered.semi_join(owing, ["household_id", "month"]).select("person_id", "month").distinct()
    homes = registered.semi_join(concerned, ["person_id", "month"]).select("person_id", "household_id", "month")
    net = _net_by_household_month(registered.semi_join(homes, ["household_id", "month"]))
    net_by_person_month = homes.join(net, ["household_id", "month"]).group_by(["person_id", "month"])
    return net_by_person_month.agg(net_ore=_.net_ore.sum()).filter(_.net_ore <= 0).select("person_id", "month")


def receipts_by_person_month(person_months: Table, nothing: Table) -> Table:
    """One row per person and month with receipt: the households the person is registered in have a net above zero."""
    return person_months.anti_join(nothing, ["person_id", "month"])


def counts_by_month(rows: Table, received: Table) -> Table:
    """One row per month with rows: rows_n in the register, persons_n with receipt."""
    persons = received.group_by("month").agg(persons_n=_.count().cast("int64"))
    by_month = rows.group_by("month").agg(rows_n=_.count().cast("int64"))
    counted = by_month.left_join(persons, "month").select("month", "rows_n", "persons_n")
    return counted.fill_null({"persons_n": 0}).order_by("month")


def exits_by_person_month(rows: Table) -> Table:
    """One row per person and month with an exit reason: death before moving, and both before any other."""
    order = ibis.cases((_.exit == EXITS[0], "0"), (_.exit == EXITS[1], "1"), else_="2")
    ordered = rows.filter(_.exit != "").mutate(ordered_exit=order + _.exit)
    first = ordered.group_by(["person_id", "month"]).agg(ordered_exit=_.ordered_exit.min())
    return first.select("person_id", "month", exit=_.ordered_exit.substr(1))


def absences_by_person(exits: Table, receipts: Table) -> Table:
    """One row per time a person is unobserved: the months after a death or a move until the next receipt.

    first_month, last_month: both unobserved. A receipt in the month after the exit says that nobody left.
    """
    left = exits.filter(_.exit.isin(EXITS)).select("person_id", "month")
    back = receipts.select(who="person_id", receipt_month="month")
    paired = left.left_join(back, [left.person_id == back.who, back.receipt_month > left.month])
    next_receipts = paired.group_by(["person_id", "month"]).agg(next_month=_.receipt_month.min())
    return next_receipts.select(
        "person_id",
        first_month=(_.month + 1).cast("int32"),
        last_month=(_.next_month.fill_null(FOREVER_MONTH) - 1).cast("int32"),
    ).filter(_.last_month >= _.first_month)


def starts_by_person_month(receipts: Table, *, first_register_month: int, clean_months: int) -> Table:
    """One row per first month with receipt after `clean_months` months without, the register covering them all.

    previous_month: the last receipt before, null when the register knows none.
    """
    by_person = ibis.window(group_by="person_id", order_by="month")
    lagged = receipts.mutate(previous_month=_.month.lag().over(by_person))
    nothing_before = lagged.previous_month.isnull() & (lagged.month - first_register_month >= clean_months)
    started = lagged.filter(nothing_before | (lagged.month - lagged.previous_month > clean_months))
    return started.select("person_id", "previous_month", "area", intake_month="month")


def starts_in_households_on_assistance(starts: Table, registered: Table, receipts: Table) -> Table:
    """The starts (person_id, intake_month) in a household where another adult had receipt the month before.

    The starter had none then, so whoever had is somebody else, whether they stay in the household or just left it.
    """
    at = registered.select("person_id", "household_id", "month")
    entered = starts.select("person_id", month="intake_month").inner_join(at, ["person_id", "month"])
    homes = entered.select("person_id", "household_id", "month", last_month=(_.month - 1).cast("int32"))
    # of all household months only those that somebody starts in are looked at, and the months before them
    before = homes.select("household_id", month="last_month").distinct()
    stayed = at.semi_join(before, ["household_id", "month"])
    here = at.semi_join(homes, ["household_id", "month"])
    left = here.mutate(month=(_.month - 1).cast(at.month.type()))
    on_assistance = stayed.union(left).semi_join(receipts, ["person_id", "month"])
    in_their_homes = on_assistance.select("household_id", last_month="month")
    joined = homes.view().semi_join(in_their_homes, ["household_id", "last_month"])
    return joined.select("person_id", intake_month="month").distinct()


def receipts_around_starts(starts: Table, receipts: Table, *, first_offset: int, last_offset: int) -> Table:
    """One row per start and month with receipt, `offset` months after it (negative: before), both ends included."""
    months = receipts.select("person_id", "month")
    months_by_start = starts.select("person_id", "intake_month").join(months, "person_id")
    offsets = months_by_start.select("person_id", "intake_month", offset=(_.month - _.intake_month).cast("int64"))
    return offsets.filter(_.offset.between(first_offset, last_offset))


def strips_by_start(followed: Table) -> Table:
    """Each start's months from 0 to at most 62 as one whole number, `strip`: bit t is set by receipt in month t."""
    one = ibis.literal(1, "int32").cast("int64")  # written out: the engine takes a bare 1 for 32 bits
    bits = followed.mutate(bit=one << followed.offset)
    return bits.group_by(["person_id", "intake_month"]).agg(strip=_.bit.bit_or().cast("int64"))


def _net_by_household_month(registered: Table) -> Table:
    return registered.group_by(["household_id", "month"]).agg(net_ore=_.amount_ore.sum().cast("int64"))


def with_households(rows: Table) -> Table:
    """`rows` of the register, a person without household (household_id "") as one alone."""
    alone = ibis.literal("person ") + rows.person_id
    return rows.mutate(household_id=ibis.ifelse(rows.household_id == "", alone, rows.household_id))


def numbers_by_text(rows: Table, column: str) -> Table:
    """One row per different text in `column` of `rows`: the text (in `column`) and its number."""
    texts = rows.select(column).distinct()
    return texts.mutate(number=ibis.row_number().over(order_by=column).cast("int32"))


def numbered(rows: Table, numbers: Table) -> Table:
    """`rows` with the numbers in `numbers` (as `numbers_by_text` gives them) in place of the texts."""
    [column] = set(numbers.columns) - {"number"}
    return rows.join(numbers, column).drop(column).rename({column: "number"})


def texts_in_order(numbers: Table) -> Table:
    """The texts of `numbers`, each at the place of its number."""
    return numbers.order_by("number").drop("number")
