"""Stage `report`: the candidate and the year's evidence → the manager's report."""

from riskmodel.errors import shown_plainly
from riskmodel.report.calibration_report import build_report, write_report
from riskmodel.report.run import read_run
from riskmodel.workspace import Workspace

with shown_plainly():
    workspace = Workspace()
    write_report(build_report(read_run(workspace)), workspace.report)
