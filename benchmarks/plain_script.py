"""The same year as one plain script: pandas, scikit-learn and MLflow, with nothing guarded, audited or published.

Usage: python benchmarks/plain_script.py DELIVERY OUT. Knows the example municipality's headings by heart.
"""

import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

BLANK = ["", "-", "Vet ej", "Vill ej svara"]
PREDICTORS = [
    "Egen skattning", "Utbildning", "Arbetslivserfarenhet senaste 5 år", "Situation", "Svenska", "Fysisk ohälsa",
    "Psykisk ohälsa", "Boende", "Skulder",
]  # fmt: skip
CLEAN, WINDOW, LAG = 12, 12, 2


def receipt_months(delivery: Path) -> pd.DataFrame:
    register = pd.read_csv(delivery / "EB_register.csv", sep=";", encoding="cp1252", dtype=str).drop_duplicates()
    register["amount"] = (
        register["Belopp (kr)"].str.replace("\u00a0", "").str.replace(",", ".").str.replace("−", "-").astype(float)
    )
    register["month"] = register["År"].astype(int) * 12 + register["Månad"].astype(int) - 1
    register = register[register["Månad"].astype(int).between(1, 12)]
    net = register.groupby(["LopNr", "HushållsID", "month"], as_index=False)["amount"].sum()
    return net[net["amount"] > 0].sort_values(["LopNr", "month"])


def new_cases(receipts: pd.DataFrame) -> pd.DataFrame:
    first, last = receipts["month"].min(), receipts["month"].max()
    gap = receipts["month"] - receipts.groupby("LopNr")["month"].shift()
    cases = receipts[(gap > CLEAN) | (gap.isna() & (receipts["month"] - first >= CLEAN))]
    cases = cases[cases["month"] + WINDOW - 1 <= last - LAG]
    pairs = cases[["LopNr", "month"]].merge(receipts[["LopNr", "month"]], on="LopNr", suffixes=("", "_receipt"))
    inside = pairs["month_receipt"].between(pairs["month"], pairs["month"] + WINDOW - 1)
    earlier = pairs["month_receipt"].between(pairs["month"] - 36, pairs["month"] - 13)
    counts = pairs.assign(inside=inside, earlier=earlier).groupby(["LopNr", "month"])[["inside", "earlier"]].sum()
    return cases.merge(counts.reset_index(), on=["LopNr", "month"]).assign(outcome=lambda t: (t["inside"] > 10) * 1)


def linked(cases: pd.DataFrame, delivery: Path) -> pd.DataFrame:
    intake = pd.read_csv(delivery / "nybesok.csv", sep=";", encoding="cp1252", dtype=str).drop_duplicates()
    dates = intake["Nybesöksmånad"].str.split("-", expand=True).astype(int)
    intake["answered"] = dates[0] * 12 + dates[1] - 1
    both = cases.merge(intake, on="LopNr")
    return both[(both["answered"] - both["month"]).between(-2, 1)].drop_duplicates(["LopNr", "month"])


def matrix(cases: pd.DataFrame) -> pd.DataFrame:
    answers = cases[[name for name in PREDICTORS if name in cases]].apply(lambda column: column.str.strip())
    age = cases["month"] // 12 - pd.to_numeric(cases["Födelseår"], errors="coerce")
    age = age.fillna(age.median()).clip(18, 64)
    numbers = pd.DataFrame({"age": age / 10, "age2": (age / 10) ** 2, "earlier": cases["earlier"] / 10})
    return pd.concat([pd.get_dummies(answers.replace(BLANK, "blank")).astype(float), numbers], axis=1)


def interval(outcome: np.ndarray, prob: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    rows_by_group = pd.Series(np.arange(len(groups))).groupby(groups).apply(np.asarray).to_list()
    rng = np.random.default_rng(1)
    aucs = []
    for _ in range(1000):
        drawn = np.concatenate([rows_by_group[i] for i in rng.integers(0, len(rows_by_group), len(rows_by_group))])
        aucs.append(roc_auc_score(outcome[drawn], prob[drawn]))
    return float(np.quantile(aucs, 0.025)), float(np.quantile(aucs, 0.975))


def main(delivery: Path, out: Path) -> None:
    cases = linked(new_cases(receipt_months(delivery)), delivery)
    x, outcome, groups = matrix(cases), cases["outcome"].to_numpy(), cases["HushållsID"].to_numpy()
    folds = list(GroupKFold(10).split(x, outcome, groups))
    equation = LogisticRegressionCV(Cs=25, cv=5, scoring="neg_log_loss", max_iter=1000, use_legacy_attributes=False)
    trees = HistGradientBoostingClassifier(max_iter=100)
    prob = cross_val_predict(equation, x, outcome, cv=folds, method="predict_proba")[:, 1]
    trees_prob = cross_val_predict(trees, x, outcome, cv=folds, method="predict_proba")[:, 1]
    low, high = interval(outcome, prob, groups)
    equation.fit(x, outcome)
    mlflow.set_tracking_uri(f"sqlite:///{out / 'mlflow.db'}")
    mlflow.set_experiment("plain")
    with mlflow.start_run():
        mlflow.log_metrics(
            {
                "auc": roc_auc_score(outcome, prob),
                "auc_low": low,
                "auc_high": high,
                "brier": brier_score_loss(outcome, prob),
                "trees_auc": roc_auc_score(outcome, trees_prob),
            }
        )
        mlflow.sklearn.log_model(equation, name="model", registered_model_name="plain")
    print(f"{len(cases)} cases, AUC {roc_auc_score(outcome, prob):.3f} ({low:.3f}-{high:.3f})")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
