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
# # Five lines
#
# The project from Python: its latest run as frames, its procedure as a scikit-learn classifier, its releases as advice.
# Run it in the project's folder after `dvc repro`. What else there is stands in docs/python.md.

# %%
import riskmodel

project = riskmodel.open()
risk = project.estimator.predict_proba(project.answers)[:, 1]
print(f"Mean risk of the modelled cases {risk.mean():.2f}, out of time {project.predictions['points_prob'].mean():.2f}")
advice = project.release("2026.1").advise({"age": 45, "education": "none", "work_experience": "none", "debts": "yes"})
print(advice.answer, advice.next_question and advice.next_question.text.en)
