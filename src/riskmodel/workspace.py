"""Where the yearly run keeps its files, below the project's folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """The folders of one project; every path the run reads or writes is named here once."""

    root: Path = Path()

    @property
    def params(self) -> Path:
        """Every choice of the year."""
        return self.root / "params.toml"

    @property
    def delivery(self) -> Path:
        """The delivery after ingest."""
        return self.root / "data/interim/delivery"

    @property
    def cohort(self) -> Path:
        """New cases, their answers and outcomes."""
        return self.root / "data/processed/cohort"

    @property
    def model(self) -> Path:
        """The fitted equation, its points and its inference."""
        return self.root / "data/processed/model"

    @property
    def assessment(self) -> Path:
        """Out-of-time predictions and everything measured on them."""
        return self.root / "data/processed/assess"

    @property
    def candidates(self) -> Path:
        """What the latest run proposes."""
        return self.root / "models/candidates"

    @property
    def candidate(self) -> Path:
        """The proposed release."""
        return self.candidates / "release"

    @property
    def report(self) -> Path:
        """The report on the proposed release."""
        return self.candidates / "report"

    @property
    def metrics(self) -> Path:
        """Disclosure-controlled figures that git follows."""
        return self.candidates / "metrics.json"

    @property
    def plots(self) -> Path:
        """Disclosure-controlled curves that git follows."""
        return self.candidates / "plots"

    @property
    def approvals(self) -> Path:
        """Signatures on the candidate."""
        return self.candidates / "approvals"

    @property
    def protocols(self) -> Path:
        """What was fixed before looking."""
        return self.root / "models/protocols"

    @property
    def releases(self) -> Path:
        """What is published, and the ledger."""
        return self.root / "models/releases"
