"""Stage `report`: the candidate and the year's evidence → the manager's report."""

from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.workspace import Workspace
from riskmodel.report.calibration_report import build_report, write_counts, write_report, write_survey
from riskmodel.report.run import read_run

with shown_plainly():
    workspace = Workspace()
    run = read_run(workspace)
    write_report(build_report(run), workspace.report)
    write_counts(run, workspace.report)
    write_survey(run, workspace.report)
