"""Stage `report`: the candidate and the year's evidence → the decision on two pages and the manager's report."""

from riskmodel.ground.errors import shown_plainly
from riskmodel.ground.workspace import Workspace
from riskmodel.report.calibration_report import report_files, shown_of, write_files, write_plots
from riskmodel.report.run import read_run

with shown_plainly():
    workspace = Workspace()
    shown = shown_of(read_run(workspace))
    write_files(report_files(shown), workspace.report)
    write_plots(shown, workspace.plots)
