"""What each gate asks for, what to do when it is not passed, and what it says beside its numbers, both languages."""

from dataclasses import asdict
from pathlib import Path

from riskmodel.ground.words import read_words

FOLDER = Path(__file__).parent / "texts"
NAMES = {gate: asdict(text) for gate, text in read_words(FOLDER / "gate_names.toml").items()}
REMEDIES = {gate: asdict(text) for gate, text in read_words(FOLDER / "gate_remedies.toml").items()}
EVIDENCE = read_words(FOLDER / "gate_evidence.toml")
