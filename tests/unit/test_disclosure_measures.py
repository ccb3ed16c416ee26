import pandas as pd

from riskmodel.disclosure import (
    disclose_bins,
    disclose_curves,
    disclose_distribution,
    disclose_gaps,
    disclose_measures,
    disclose_statistics,
)


def measure(scope: str, group: str, name: str, estimate: float, n: int, events_n: int) -> dict:
    numbers = {"estimate": estimate, "low": estimate - 0.0123, "high": estimate + 0.0123}
    counts = {"n": n, "events_n": events_n, "status": "ok"}
    return {"scope": scope, "group": group, "predictor": "points", "measure": name} | numbers | counts


def test_counts_are_rounded_and_estimates_get_their_decimals():
    shown = disclose_measures(
        pd.DataFrame(
            [measure("overall", "", "auc", 0.71234, 1003, 301), measure("overall", "", "ppv", 0.6234, 1003, 301)]
        ),
        profile="public",
    )
    assert shown["n"].tolist() == [300 + 700, 300 + 700]  # from the rounded cells 301 and 702
    assert shown["events_n"].tolist() == [300, 300]
    assert shown["estimate"].tolist() == [0.712, 0.62]
    assert shown["low"].tolist() == [0.700, 0.61]


def test_below_a_hundred_of_either_outcome_is_too_few():
    rows = [measure("area", "A", "auc", 0.7, 300, 99), measure("area", "B", "auc", 0.7, 300, 201)]
    rows.append(measure("area", "C", "auc", 0.7, 300, 200))
    shown = disclose_measures(pd.DataFrame(rows), profile="internal")
    assert shown["status"].tolist() == ["too_few", "too_few", "ok"]
    assert shown["estimate"].isna().tolist() == [True, True, False]


def test_the_events_of_a_small_group_cannot_be_had_from_the_others():
    rows = [measure("overall", "", "auc", 0.7, 1003, 303), measure("area", "A", "auc", 0.7, 103, 3)]
    rows += [measure("area", "B", "auc", 0.7, 400, 120), measure("area", "C", "auc", 0.7, 500, 180)]
    shown = disclose_measures(pd.DataFrame(rows), profile="internal").set_index("group")
    # A's 3 events are hidden, and B's 120 with them, or 303 - 120 - 180 would tell; how many they are is no secret
    assert shown["events_n"].isna().to_dict() == {"": False, "A": True, "B": True, "C": False}
    assert shown["n"].tolist() == [1003, 103, 400, 500]


def test_a_total_that_would_tell_is_hidden_where_it_stands():
    rows = [measure("overall", "", "auc", 0.7, 220, 20), measure("area", "A", "auc", 0.7, 110, 20)]
    rows.append(measure("area", "B", "auc", 0.7, 110, 0))
    shown = disclose_measures(pd.DataFrame(rows), profile="internal").set_index("group")
    assert shown["events_n"].isna().to_dict() == {"": False, "A": True, "B": True}
    rows = [measure("overall", "", "auc", 0.7, 220, 6), measure("area", "A", "auc", 0.7, 110, 3)]
    rows.append(measure("area", "B", "auc", 0.7, 110, 3))
    assert disclose_measures(pd.DataFrame(rows), profile="internal")["events_n"].isna().all()


def test_another_breakdown_does_not_tell_the_total_that_hides_a_cell():
    # by area the few events would need the total of all events hidden; by sex it could be summed all the same
    rows = [measure("overall", "", "auc", 0.7, 505, 5)]
    rows += [measure("area", "A", "auc", 0.7, 203, 3), measure("area", "B", "auc", 0.7, 302, 2)]
    rows += [measure("sex", "man", "auc", 0.7, 250, 5), measure("sex", "woman", "auc", 0.7, 255, 0)]
    assert disclose_measures(pd.DataFrame(rows), profile="internal")["events_n"].isna().all()
    more = [{**row, "n": row["n"] + 90, "events_n": row["events_n"] + 20} for row in (rows[0], rows[1], rows[3])]
    shown = disclose_measures(pd.DataFrame([more[0], more[1], rows[2], more[2], rows[4]]), profile="internal")
    assert shown["events_n"].isna().tolist() == [False, True, True, True, True]
    assert shown["n"].tolist() == [595, 293, 302, 340, 255]


def test_a_rate_on_a_handful_of_flagged_people_is_not_shown():
    def flags(share: float, sensitivity: float) -> pd.DataFrame:
        names = {"flagged_share": share, "sensitivity": sensitivity, "ppv": 0.6, "auc": 0.7}
        return pd.DataFrame([measure("overall", "", name, value, 400, 150) for name, value in names.items()])

    assert disclose_measures(flags(0.25, 0.40), profile="public")["status"].tolist() == ["ok"] * 4
    few_flagged = disclose_measures(flags(0.0175, 0.08), profile="public")  # 7 people of 400
    assert few_flagged["status"].tolist() == ["too_few"] * 3 + ["ok"]
    few_missed = disclose_measures(flags(0.60, 0.96), profile="public")  # 6 of 150 events not flagged
    assert few_missed["status"].tolist() == ["too_few"] * 3 + ["ok"]


def curve(*bins: tuple[float, int, int], group: str = "A") -> pd.DataFrame:
    rows = pd.DataFrame(bins, columns=["risk", "n", "events_n"])
    return rows.assign(scope="area", group=group, predictor="points", observed=rows["risk"], low=0.1, high=0.9)


def test_bins_are_joined_until_they_hold_eight_of_each_outcome():
    thin = [(0.1, 30, 4), (0.2, 10, 4), (0.3, 20, 10), (0.4, 20, 10), (0.5, 20, 12), (0.9, 5, 5)]
    shown = disclose_bins(curve(*thin), profile="public")
    assert shown["n"].tolist() == [30 + 10, 20, 20, 20 + 5]
    assert shown["events_n"].tolist() == [10, 10, 10, 15]  # 8, 10, 10, 17 to the nearest five
    assert shown["risk"].tolist() == [0.125, 0.3, 0.4, 0.58]  # (0.1 * 30 + 0.2 * 10) / 40; (0.5 * 20 + 0.9 * 5) / 25
    assert shown["observed"].tolist() == [0.12, 0.3, 0.4, 0.58]


def test_fewer_than_four_bins_is_no_curve():
    three = [(0.1, 20, 10), (0.2, 20, 10), (0.3, 20, 10), (0.4, 20, 0)]
    assert disclose_bins(curve(*three), profile="internal").empty
    assert disclose_bins(curve((0.1, 9, 4)), profile="internal").empty
    four = curve(*three[:3], (0.4, 20, 8), group="B")
    assert disclose_curves(pd.concat([curve(*three), four]), profile="internal")["group"].unique().tolist() == ["B"]


def test_a_risk_distribution_is_a_table_of_bins_and_outcomes():
    people = pd.DataFrame({"bin": [0.0, 0.5, 0.0, 0.5], "outcome": [0, 0, 1, 1], "n": [101, 52, 3, 61]})
    shown = disclose_distribution(people, profile="public")
    # 3 is too few, and with totals known each of the others would tell it
    assert shown["n"].isna().all()
    shown = disclose_distribution(people.assign(n=[101, 52, 8, 61]), profile="public")
    assert shown["n"].tolist() == [100, 50, 10, 60]
    assert shown[["bin", "outcome"]].equals(people[["bin", "outcome"]])


def gap(group: str, name: str, difference: float) -> dict:
    counts = {"column": "area", "group": group, "measure": name, "n": 400, "events_n": 150}
    return counts | {"difference": difference, "tolerance": 0.1823, "status": "ok"}


def test_gaps_take_their_counts_from_the_measures_and_hide_what_those_hide():
    names = {"flagged_share": 0.0175, "sensitivity": 0.08, "auc": 0.7}  # 7 people flagged of 400
    rows = [measure("area", "A", name, value, 400, 150) for name, value in names.items()]
    rows += [measure("area", "B", "auc", 0.7, 403, 201)]
    measures = disclose_measures(pd.DataFrame(rows), profile="public")
    gaps = pd.DataFrame([gap("A", "missed", 0.01234), gap("A", "fpr", 0.01234), gap("B", "fpr", 0.01634)])
    shown = disclose_gaps(gaps, measures=measures)
    assert shown["status"].tolist() == ["ok", "too_few", "ok"]
    assert shown["difference"].fillna(-1).tolist() == [0.012, -1, 0.02]
    assert shown["n"].tolist() == [400, 400, 400]
    assert shown["tolerance"].tolist() == [0.1823] * 3


def test_statistics_on_everybody_get_three_decimals_or_nothing():
    decision = pd.DataFrame({"threshold": [0.1, 0.2], "strategy": ["points", "all"], "net_benefit": [0.12345, 0.1]})
    shown = disclose_statistics(decision, n=300, events_n=100)
    assert shown["net_benefit"].tolist() == [0.123, 0.1]
    assert disclose_statistics(decision, n=300, events_n=99).empty
    assert disclose_statistics(decision, n=300, events_n=201).empty
