"""Which files by which others ask and count lie in a release's folder. Standard library only."""

from riskmodel.exports.coded import coded_tables
from riskmodel.exports.form_json import form_files
from riskmodel.exports.form_page import form_page
from riskmodel.exports.kit import kit_files
from riskmodel.exports.pmml import pmml_files
from riskmodel.exports.questionnaire import questionnaire_files
from riskmodel.release.acts import POINTS_ALONE
from riskmodel.release.record import Release


def exported_files(release: Release) -> dict[str, bytes]:
    """Every such file of `release`, name to content, all from `release.json` alone; early formats have none."""
    if release.format < POINTS_ALONE:
        return {}
    tables = coded_tables(release)
    return {
        "form.html": form_page(release),
        **form_files(release, tables),
        **pmml_files(tables),
        **questionnaire_files(tables),
        **kit_files(release),
    }
