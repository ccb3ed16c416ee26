from os import PathLike

from riskmodel.project import Project

__version__: str

def open(root: str | PathLike[str] = ".", *, month: int = 0) -> Project: ...
