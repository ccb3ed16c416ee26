"""Stage `propose`: the year's evidence → a candidate release, its metrics and plots, and a run in MLflow."""

from riskmodel.errors import shown_plainly
from riskmodel.release.proposing.outputs import write_candidate, write_metrics
from riskmodel.release.proposing.remake import make_candidate
from riskmodel.release.registry.tracking import mirror
from riskmodel.settings import read_settings
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    made = make_candidate(workspace, read_settings(workspace.params))
    write_candidate(made.candidate, workspace, previous=made.previous)
    write_metrics(made.candidate, made.assessment, workspace)
    if told := mirror(workspace):
        print(told)
