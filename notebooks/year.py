# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Reading the year
#
# The latest run, in the order a person asks about it: who is in it, what became of them, what the score is, whether
# it is right, where the threshold lies, and for whom. Run it in the project's folder after `dvc repro`, as a script
# (`uv run python notebooks/year.py`) or as a notebook (`uv run jupytext --to notebook notebooks/year.py`).
#
# Nothing here is about one person: every count goes through disclosure control, in the profile of `params.toml`.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from riskmodel.assess.record import load_assessment
from riskmodel.cohort.record import load_cohort
from riskmodel.disclosure import disclose_count, disclose_rate, rule_text
from riskmodel.ground.settings import read_settings
from riskmodel.ground.words import month_text
from riskmodel.ground.workspace import Workspace
from riskmodel.model.record import load_evidence, load_model
from riskmodel.release.bundle import RELEASE_FILE, load_release_file

workspace = Workspace()
profile = read_settings(workspace.params).release.profile
cohort = load_cohort(workspace.cohort())
model = load_model(workspace.model())
model_evidence = load_evidence(workspace.model())
assessment = load_assessment(workspace.assessment())
release = load_release_file(workspace.candidate / RELEASE_FILE).raw  # as JSON: all of it, also what no record names
landmark = release["landmarks"][0]


def show(rows: pd.DataFrame) -> None:
    """Print a table, with a dash where there is nothing to show."""
    print(rows.astype(object).where(rows.notna(), "–").to_string(index=False), end="\n\n")


def counts(numbers: pd.Series) -> pd.Series:
    """Counts as they may be shown."""
    return numbers.map(lambda n: disclose_count(n, profile=profile)).astype("Int64")


def rates(rows: pd.DataFrame, part: str, whole: str) -> list[float | None]:
    """The column `part` over the column `whole`, as it may be shown."""
    pairs = zip(rows[part], rows[whole], strict=True)
    return [disclose_rate(above, below, profile=profile) for above, below in pairs]


print(rule_text(profile, "en"), end="\n\n")

# %% [markdown]
# ## Who is in it
#
# From the rows of the register to the cases that the score is about. Read the big losses first: did you expect them?

# %%
flow = cohort.flow.rename(columns={"text_en": "step_in_words"})
show(flow.assign(n=counts(flow["n"]), of_them_long=counts(flow["events_n"]))[["step_in_words", "n", "of_them_long"]])

if cohort.summary["unlinked"] is not None:
    groups = pd.DataFrame(cohort.summary["unlinked"]["groups"])
    shown = groups.assign(n=counts(groups["n"]), share_long=rates(groups, "events_n", "known_n"))
    show(shown[["group", "n", "share_long"]])

# %% [markdown]
# ## What became of them
#
# The same people by three definitions of long-term assistance. One is predicted; the others say what it is not.
# Then the months: how many of those still observed had assistance.

# %%
definitions = pd.DataFrame(cohort.summary["outcomes"])
definitions["share_long"] = rates(definitions, "events_n", "known_n")
definitions["predicted"] = definitions["name"].eq(cohort.summary["outcome"]).map({True: "yes", False: ""})
show(definitions.assign(cases=counts(definitions["known_n"]))[["name", "cases", "share_long", "predicted"]])

months = pd.DataFrame(cohort.summary["followup"], columns=["month", "observed_n", "receipts_n"])
months["share_with_assistance"] = rates(months, "receipts_n", "observed_n")
show(months[["month", "share_with_assistance"]])

figure, axes = plt.subplots()
axes.bar(months["month"], months["share_with_assistance"].astype(float))
axes.set(xlabel="month of the case", ylabel="share with assistance", ylim=(0, 1))

# %% [markdown]
# ## What the score is
#
# Whole-number points, 10 of which double the odds.

# %%
risk = landmark["risk"]
highest = risk["first"] + len(risk["values"]) - 1
fitted_n, long_n = counts(pd.Series([model.n, model.events_n]))
print(f"{fitted_n} cases, {long_n} of them long. Penalty {model.equation.penalty:.3g}.")
print(f"Slope out of fold, by which coefficients were multiplied: {model.shrinkage:.3f}.")
print(f"From {risk['first']} points (risk {risk['values'][0]:.3f}) to {highest} ({risk['values'][-1]:.3f}).\n")

answers = [
    (item["id"], level["code"], "a rule, no points" if level["route"] else level["points"])
    for item in landmark["items"]
    if item["kind"] != "number"
    for level in [*item["levels"], {"code": "no_answer", "route": False, **item["no_answer"]}]
]
show(pd.DataFrame(answers, columns=["item", "answer", "points"]))
for item in landmark["items"]:
    if item["kind"] == "number":
        numbers = item["numbers"]
        print(f"{item['id']}, {numbers['minimum']} to {numbers['maximum']}:", *numbers["points"])

# %% [markdown]
# The equation's coefficients, beside those without a penalty and their 95 % interval by household, in log-odds; then
# what leaving out an item would cost. This is for reading what carries the score. It says nothing about causes.

# %%
for merge in model.merged:
    print(f"merged: {merge.item}, {merge.level} into {merge.into}: too few {merge.reason}")
for sign in model.signs:
    print(f"against its direction: {sign.item}, {sign.level}: {sign.coefficient:.3f}")
columns = ["column", "published", "coefficient", "low", "high", "status"]
show(pd.DataFrame(model_evidence["inference"])[columns].round(3))
worth = pd.DataFrame(model_evidence["drop_one"]).sort_values("deviance", ascending=False)
show(worth[["item", "deviance", "auc", "net_benefit"]].round(4))

# %% [markdown]
# ## Is it right?
#
# Every case here was predicted by a model that knew neither it nor what came later. The curve should follow the
# diagonal. The ICI says how far it lies from it on average; "by chance" how far a perfect model's would.

# %%
evidence = release["evidence"]
measures = pd.DataFrame(evidence["measures"])
overall = measures[measures["scope"] == "overall"]
print(evidence["kind_text"]["en"], f"Years: {evidence['years']}.", end="\n\n")
show(overall.loc[overall["predictor"] == "points", ["measure", "estimate", "low", "high"]])
print("AUC beside that of others:")
show(overall.loc[overall["measure"] == "auc", ["predictor", "estimate", "low", "high"]])

curve = pd.read_csv(workspace.plots / "calibration.csv")
if len(curve):
    show(curve.iloc[:: max(len(curve) // 10, 1)][["risk", "observed", "low", "high"]])
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.fill_between(curve["risk"], curve["low"], curve["high"], alpha=0.2)
    axes.plot(curve["risk"], curve["observed"])
    axes.set(xlabel="predicted risk", ylabel="observed share", title="Calibration, out of time")
else:
    print("Too few cases for a calibration curve.")

# %% [markdown]
# ## How firm it is
#
# The whole procedure again: on other samples of the households (what optimism to deduct, which flags hang on chance),
# without an area or a year, with another of the analyst's choices. Which choice would you have to defend?

# %%
again = evidence["robustness"]
optimism = pd.DataFrame(
    again["optimism"], columns=["predictor", "measure", "apparent", "optimism", "corrected", "low", "high"]
)
print(f"{again['resamples_n']} resamples.")
show(optimism[optimism["predictor"] == "points"].drop(columns="predictor"))
print(f"Flags that change from one sample to another, of all cases: {again['stability']['changed_share']}.\n")
kept = ["column", "measure", "estimate", "low", "high", "prediction_low", "prediction_high", "status"]
held_out = pd.DataFrame(again["held_out"], columns=["group", *kept])
show(held_out.loc[held_out["group"] == "", kept])
tried = pd.DataFrame(
    again["choices"], columns=["choice", "value", "is_default", "auc", "flagged_share", "changed_share"]
)
show(tried[~tried["is_default"].astype(bool)].drop(columns="is_default").sort_values("changed_share", ascending=False))

# %% [markdown]
# ## Where the threshold lies, and what it means
#
# The policy's demands decide. The rejected alternative shows what another weighing of the two errors would give.

# %%
thresholds, rejected = landmark["thresholds"], landmark["rejected_alternative"]
if thresholds["flag"] is None:
    print(f"No flags: no sum meets {', '.join(thresholds['unmet'])} together.")
else:
    print(f"Flag from {thresholds['flag']} points, risk {thresholds['threshold_prob']:.3f}.")
    print(f"Borderline: {thresholds['band'] or 'none'}.")
if rejected:
    print(f"Rejected: {rejected['flag']} points. Demands not met: {', '.join(rejected['unmet']) or 'none'}.")
choices = {"chosen": thresholds["expected"], "rejected": rejected and rejected["expected"]}
shares = {name: {share: row["estimate"] for share, row in found.items()} for name, found in choices.items() if found}
show(pd.DataFrame(shares).rename_axis("share").reset_index())

# %% [markdown]
# ## Later in a case
#
# Each later month has people, points and a threshold of its own. Its gates are among those below.

# %%
for later in release["landmarks"][1:]:
    own = pd.DataFrame(later["evidence"]["measures"])
    of_points = own[(own["scope"] == "overall") & (own["predictor"] == "points")]
    print(f"Month {later['month']}: flag from {later['thresholds']['flag']} points.")
    show(
        of_points.loc[
            of_points["measure"].isin(["auc", "oe", "ppv", "sensitivity"]), ["measure", "estimate", "low", "high"]
        ]
    )
if len(release["landmarks"]) == 1:
    print("No table for later months.")

# %% [markdown]
# ## For whom
#
# The group audit: how many groups passed, and each that did not. *Not shown* means just that: nobody knows. Then the
# gates, and what a failed one asks for.

# %%
audit = pd.DataFrame(evidence["fairness"], columns=["column", "group", "measure", "difference", "tolerance", "verdict"])
show(audit.groupby(["column", "measure", "verdict"]).size().rename("groups").reset_index())
not_passed = audit[audit["verdict"] != "pass"]
show(not_passed) if len(not_passed) else print("Every group passed.\n")
for gate in release["gates"]:
    print(f"{gate['id']:4}{gate['status']:8}{gate['name']['en']}")
    if gate["status"] == "failed":
        print(f"{'':12}{gate['remedy']['en']}")

# %% [markdown]
# ## When it was
#
# The months behind the numbers and the rules in force then. Before and after a reform is not the same.

# %%
data_window = cohort.summary["data_window"]
print({name: month_text(month) for name, month in data_window.items() if month is not None})
print("Years judged out of time:", assessment.summary["years"])
print(release["regime"]["en"])
