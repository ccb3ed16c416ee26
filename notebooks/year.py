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
# The latest run, in the order a person asks about it: who is in it, what became of them, what the score is, whether it is
# right, where the threshold lies and for whom. Run it in the project's folder after `dvc repro`, as a script
# (`uv run python notebooks/year.py`) or as a notebook (`uv run jupytext --to notebook notebooks/year.py`).
#
# Nothing here is about one person: every count goes through disclosure control, in the profile that `params.toml` names.

# %%
import matplotlib.pyplot as plt
import pandas as pd

from riskmodel.assess.record import load_assessment
from riskmodel.cohort.calendar import month_text
from riskmodel.cohort.record import load_cohort
from riskmodel.disclosure import disclose_count, disclose_rate, rule_text
from riskmodel.model.store import load_evidence, load_model
from riskmodel.release.bundle import RELEASE_FILE, load_release_file
from riskmodel.settings import read_settings
from riskmodel.workspace import Workspace

workspace = Workspace()
settings = read_settings(workspace.params)
cohort = load_cohort(workspace.cohort)
model = load_model(workspace.model)
model_evidence = load_evidence(workspace.model)
assessment = load_assessment(workspace.assessment)
release = load_release_file(workspace.candidate / RELEASE_FILE)
landmark = release["landmarks"][0]
profile = settings.release.profile


def show(rows: pd.DataFrame) -> None:
    """Print a table, what is missing as a dash."""
    print(rows.astype(object).where(rows.notna(), "–").to_string(index=False), end="\n\n")


def count(n: int | None) -> int | None:
    """A count as it may be shown."""
    return disclose_count(n, profile=profile)


print(rule_text(profile, "en"), end="\n\n")

# %% [markdown]
# ## Who is in it
#
# From the rows of the register to the cases that the score is about. Read the big losses first: are they what you expected?

# %%
flow = cohort.flow.assign(n=cohort.flow["n"].map(count), long=cohort.flow["events_n"].map(count))
show(flow[["text_en", "n", "long"]].rename(columns={"text_en": "step", "long": "of them long"}))

unlinked = cohort.summary["unlinked"]
if unlinked is not None:
    groups = pd.DataFrame(unlinked["groups"])
    groups["share long"] = [
        disclose_rate(row.events_n, row.known_n, profile=profile) for row in groups.itertuples()
    ]
    show(groups.assign(n=groups["n"].map(count))[["group", "n", "share long"]])

# %% [markdown]
# ## What became of them
#
# The same people by three definitions of long-term assistance. One is predicted; the others say what it is not. Then the months:
# how many of those still observed had assistance.

# %%
definitions = pd.DataFrame(cohort.summary["outcomes"])
definitions["share long"] = [
    disclose_rate(row.events_n, row.known_n, profile=profile) for row in definitions.itertuples()
]
definitions["predicted"] = definitions["name"].eq(cohort.summary["outcome"]).map({True: "yes", False: ""})
show(definitions.assign(cases=definitions["known_n"].map(count))[["name", "cases", "share long", "predicted"]])

months = pd.DataFrame(cohort.summary["followup"], columns=["month", "observed_n", "receipts_n"])
months["share"] = [disclose_rate(row.receipts_n, row.observed_n, profile=profile) for row in months.itertuples()]
figure, axes = plt.subplots()
axes.bar(months["month"], months["share"].astype(float))
axes.set(xlabel="month of the case", ylabel="share with assistance", ylim=(0, 1))
show(months[["month", "share"]])

# %% [markdown]
# ## What the score is
#
# Whole-number points, 10 of which double the odds. Beside the points the coefficient that was published (shrunken towards the item's other answers) and the one
# without penalty, with an interval by household: for reading which answers carry the score, not for causes.

# %%
window = landmark["risk"]
last = window["first"] + len(window["values"]) - 1
print(
    f"{model.n} cases, {model.events_n} long; penalty {model.equation.penalty:.3g}; slope out of fold "
    f"{model.shrinkage:.3f}; points {window['first']} to {last}, risk {window['values'][0]:.3f} to {window['values'][-1]:.3f}\n"
)
for merge in model.merged:
    print(f"merged: {merge.item}, {merge.level} into {merge.into}: too few {merge.reason}")

points = pd.DataFrame(
    [
        (item["id"], level["code"], "route" if level["route"] else level["points"])
        for item in landmark["items"]
        if item["kind"] != "number"
        for level in [*item["levels"], {"code": "no_answer", "points": item["no_answer"]["points"], "route": False}]
    ],
    columns=["item", "answer", "points"],
)
show(points)
for item in landmark["items"]:
    if item["kind"] == "number":
        numbers = item["numbers"]
        print(f"{item['id']}, {numbers['minimum']} to {numbers['maximum']}: {' '.join(map(str, numbers['points']))}\n")

coefficients = pd.DataFrame(landmark["coefficients"])[["column", "published", "coefficient", "low", "high", "status"]]
show(coefficients.round(3))

worth = pd.DataFrame(model_evidence["drop_one"]).sort_values("deviance", ascending=False)
show(worth[["item", "deviance", "auc", "net_benefit"]].round(4))

# %% [markdown]
# ## Is it right?
#
# Every case here was predicted by a model that had not seen it, nor anything known later than 1 January of its year. The curve should follow the diagonal; the ICI says
# how far it lies from it on average, and "by chance" how far a perfect model's would.

# %%
measures = pd.DataFrame(release["evidence"]["measures"])
overall = measures[(measures["scope"] == "overall") & (measures["predictor"] == "points")]
print(release["evidence"]["kind_text"]["en"], f"Years: {release['evidence']['years']}.\n")
show(overall[["measure", "estimate", "low", "high"]])
compared = measures[(measures["scope"] == "overall") & (measures["measure"] == "auc")]
show(compared[["predictor", "estimate", "low", "high"]])

curve = pd.read_csv(workspace.plots / "calibration.csv")
figure, axes = plt.subplots()
axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
axes.fill_between(curve["risk"], curve["low"], curve["high"], alpha=0.2)
axes.plot(curve["risk"], curve["observed"])
axes.set(xlabel="predicted risk", ylabel="observed share", title="Calibration, out of time")
show(curve[["risk", "observed", "low", "high", "n"]])

# %% [markdown]
# ## Where the threshold lies, and what it means
#
# The policy's demands decide; the rejected alternative shows what another weighing of the two errors would have given.

# %%
thresholds, rejected = landmark["thresholds"], landmark["rejected_alternative"]
if thresholds["flag"] is None:
    print(f"No flags: no sum meets {', '.join(thresholds['unmet'])} together.\n")
else:
    print(f"Flag from {thresholds['flag']} points (risk {thresholds['threshold_prob']:.3f}); borderline {thresholds['band']}\n")
choices = {"chosen": thresholds["expected"], "rejected": rejected and rejected["expected"]}
consequences = {name: {key: row["estimate"] for key, row in found.items()} for name, found in choices.items() if found}
show(pd.DataFrame(consequences).rename_axis("share").reset_index())
if rejected:
    print(f"Rejected: {rejected['flag']} points, for {', '.join(rejected['unmet']) or 'another weighing alone'}\n")

# %% [markdown]
# ## For whom
#
# The group audit. *Not shown* means what it says: nobody knows. Then the gates, and what each asks for when it does not pass.

# %%
fairness = pd.DataFrame(release["evidence"]["fairness"])
gated = fairness[fairness["measure"].isin(["missed", "needless", "log_oe"])]
show(gated.pivot_table(index=["column", "measure"], columns="verdict", values="group", aggfunc="count").fillna(0).reset_index())
show(fairness.loc[fairness["verdict"] != "pass", ["column", "group", "measure", "difference", "tolerance", "verdict"]])
for gate in release["gates"]:
    print(f"{gate['id']:4}{gate['status']:8}{gate['name']['en']}")
    if gate["status"] == "failed":
        print(f"            {gate['remedy']['en']}")

# %% [markdown]
# ## When it was
#
# The months the numbers come from, and the rules that were in force. A reform inside them means that before and after are not the same.

# %%
data_window = {name: month_text(value) for name, value in cohort.summary["data_window"].items() if value is not None}
print(data_window, f"years judged: {assessment.summary['years']}", release["regime"]["en"], sep="\n")
