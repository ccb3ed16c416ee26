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
    def libraries(self) -> Path:
        """The locked versions of the libraries that the run uses."""
        return self.root / "pipelines/libraries.toml"

    @property
    def readable(self) -> Path:
        """The sign that settings and instrument could be read."""
        return self.root / "data/interim/settings_read"

    @property
    def previous(self) -> Path:
        """Which published release this run is compared with."""
        return self.root / "data/interim/previous.json"

    @property
    def delivery(self) -> Path:
        """The delivery after ingest."""
        return self.root / "data/interim/delivery"

    def cohort(self, landmark: int = 0) -> Path:
        """New cases, their answers and outcomes, as they are scored at the start of month `landmark`."""
        return self.root / f"data/processed/cohort/month_{landmark}"

    def model(self, landmark: int = 0) -> Path:
        """The fitted equation, its points and its inference."""
        return self.root / f"data/processed/model/month_{landmark}"

    def robustness(self, landmark: int = 0) -> Path:
        """What the whole procedure gives on other samples of people, without an area or a year, with other choices."""
        return self.root / f"data/processed/robustness/month_{landmark}"

    def assessment(self, landmark: int = 0) -> Path:
        """Out-of-time predictions and everything measured on them."""
        return self.root / f"data/processed/assess/month_{landmark}"

    @property
    def closed(self) -> tuple[Path, ...]:
        """Folders that are there from the beginning, in which everything is about persons; DVC's own is one."""
        return tuple(self.root / "data" / name for name in ("interim", "processed", "dvc"))

    @property
    def local(self) -> Path:
        """What never leaves this project's folder: the key, and who earlier releases rest on."""
        return self.root / "data/local"

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

    def protocol_file(self, protocol_id: str) -> Path:
        """One protocol."""
        return self.protocols / protocol_id / "protocol.json"

    def confirmation_file(self, protocol_id: str, look: int) -> Path:
        """What a look (1 is the first) under a protocol showed."""
        return self.protocols / protocol_id / ("confirmation.json" if look == 1 else f"confirmation-{look}.json")

    @property
    def releases(self) -> Path:
        """What is published, and the ledger."""
        return self.root / "models/releases"
