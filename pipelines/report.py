"""Stage `report`: the candidate and the year's evidence → the manager's report."""

from riskmodel.errors import shown_plainly
from riskmodel.report.calibration_report import build_report, write_counts, write_report
from riskmodel.report.run import read_run
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    run = read_run(workspace)
    write_report(build_report(run), workspace.report)
    write_counts(run, workspace.report)
