"""Stage `propose`: the year's evidence → a candidate release, its metrics and plots, and a run in MLflow."""

from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.propose import make_candidate, write_candidate, write_metrics
from riskmodel.publish.registry.tracking import mirror

with shown_plainly():
    workspace = Workspace()
    made = make_candidate(workspace, read_settings(workspace.params))
    write_candidate(made.candidate, workspace, previous=made.previous)
    write_metrics(made.candidate, made.assessment, workspace)
    if told := mirror(workspace):
        print(told)
