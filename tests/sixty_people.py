"""A small delivery of sixty people as a test of drafts writes it, and what is drafted of it."""

import tomllib

from village import village_settings

from riskmodel.draft.draft import draft_instrument
from riskmodel.extracts.read import read_delivery
from riskmodel.instrument.load import read_instrument

PEOPLE = 60
REGISTER = ("Löpnr", "HushållsID", "Utbetalningsmånad", "Utbetalt belopp", "Område", "Avslutsorsak")
INTAKE = ("Löpnr", "Ansökningsmånad", "Område", "Boende", "Skulder", "Antal barn", "Född år", "Kön")


def person(place):
    return f"p{place:03}x"


def register_rows():
    return [
        [
            person(n),
            f"h{n - n % 3:03}",
            f"{2019 + n % 4}-{month:02}",
            f"{8000 + 37 * n + month},50",
            ("Nord", "Syd")[n % 2],
            "avliden" if n < 2 else "flyttat" if n % 4 == 0 and month == 6 else "",
        ]
        for n in range(PEOPLE)
        for month in range(1, 7)
    ]


def intake_rows(**columns):
    rows = [
        {
            "Löpnr": person(n),
            "Ansökningsmånad": f"{2019 + n % 4}-01",
            "Område": ("Nord", "Syd")[n % 2],
            "Boende": ("Eget kontrakt", "Inneboende", "Vet ej")[n % 3],
            "Skulder": ("ja", "nej")[n % 2],
            "Antal barn": str(n % 4),
            "Född år": str(1960 + n % 40),
            "Kön": ("K", "M")[n % 2],
        }
        for n in range(PEOPLE)
    ]
    return [row | {name: answer(n) for name, answer in columns.items()} for n, row in enumerate(rows)]


def write_csv(path, headings, rows, *, sign=";", encoding="utf-8", titles=()):
    lines = [*titles, sign.join(headings), *(sign.join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)


def write_delivery(folder, *, called=None, register=None, sign=";", encoding="utf-8", titles=(), **columns):
    """A register and intake answers of sixty people; called: heading to the one that is written."""
    folder.mkdir()
    called = called or {}
    rows = intake_rows(**columns)
    options = {"sign": sign, "encoding": encoding, "titles": titles}
    write_csv(folder / "EB.csv", [called.get(name, name) for name in REGISTER], register or register_rows(), **options)
    headings = [called.get(name, name) for name in rows[0]]
    write_csv(folder / "nya.csv", headings, [[*row.values()] for row in rows], **options)
    return folder


def drafted(folder, language="en"):
    """The draft of the delivery in `folder`, and its tables."""
    draft = draft_instrument(folder, "ours", village_settings(), language)
    return draft, tomllib.loads(draft.toml)


def filled_in(folder, draft, delivery, **limits):
    """The delivery as it is read by the draft with every open answer given."""
    path = folder / "filled.toml"
    toml = draft if isinstance(draft, str) else draft.toml
    path.write_text(toml.replace('direction = "?"', 'direction = "none"').replace('"?"', '"9999"'), encoding="utf-8")
    return read_delivery(delivery, read_instrument(path), village_settings(**limits))


def item(tables, name):
    return next(one for one in tables["items"] if one["id"] == name)
