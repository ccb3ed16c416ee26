"""The report's curves as files of their own: `dvc plots` shows a drawing without asking the network for anything."""

from pathlib import Path

from riskmodel.ground.files import write_bytes
from riskmodel.report.chapters.performance import accuracy
from riskmodel.report.document import LANGUAGES, Block, Folded, Picture, SideBySide
from riskmodel.report.shown import Evidence

DRAWN = {"calibration": "en-calibration", "decision": "en-benefit-curve"}  # file to the picture's id in the report
ALONE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="720"'
NOTHING = '<svg viewBox="0 0 360 40"><text x="8" y="24">{text}</text></svg>'


def write_plots(evidence: Evidence, folder: Path) -> None:
    """Write the calibration curve with band and diagonal, and the decision curve, as SVG; where hidden, that it is."""
    language = LANGUAGES["en"]
    drawn = {picture.id: picture.svg for picture in _pictures(accuracy(evidence, language).blocks)}
    for name, picture in DRAWN.items():
        svg = str(drawn.get(picture) or NOTHING.format(text=language.say("too_few")))
        write_bytes(folder / f"{name}.svg", svg.replace("<svg ", f"<svg {ALONE} ", 1).encode())


def _pictures(blocks: tuple[Block, ...]) -> list[Picture]:
    inside = [
        picture for block in blocks if isinstance(block, Folded | SideBySide) for picture in _pictures(block.blocks)
    ]
    return [block for block in blocks if isinstance(block, Picture)] + inside
