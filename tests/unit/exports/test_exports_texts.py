"""Whatever an instrument or a manager wrote stays a text in every file by which others ask and count."""

import copy
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

from kit_release import kit_release
from opened import opened

from riskmodel.publish.render import exported_files

HOSTILE = "\"></script><script>alert(1)</script><img src=x onerror=alert(1)>&lt;]]> --> {n} {0} %s $& '; --"
WAIVER = {"gate": "G12", "column": "", "name": "Bo", "reason": "Ingen logg", "until": "2027-06-30"}
GATE = {"id": "G12", "status": "open", "passed": None, "blocks": True, "evidence": {}, "waivers": [WAIVER]}
GATE |= {"name": {"sv": "Krav", "en": "Demand"}, "remedy": {"sv": "Åtgärd", "en": "Remedy"}}


def said_otherwise(value):
    """`value` with every text in it, those that only people read, made hostile."""
    if isinstance(value, list):
        return [said_otherwise(one) for one in value]
    if not isinstance(value, dict):
        return value
    own = {key: HOSTILE if key in ("sv", "en") else said_otherwise(one) for key, one in value.items()}
    return own | {key: HOSTILE for key in ("reason", "follow_up") if own.get(key)}


class Tags(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, [name for name, _ in attrs]))


def tags_of(page):
    parser = Tags()
    parser.feed(page)
    return parser.found


def shape(value):
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value)


STRUCTURE = {  # of a file, by how its name ends: what must be the same whatever its texts say
    ".html": tags_of,
    ".json": lambda text: shape(json.loads(text)),
    ".jsonl": lambda text: [sorted(json.loads(line)) for line in text.split("\n")[:-1]],
    ".pmml": lambda text: [(one.tag, [*one.attrib]) for one in ElementTree.fromstring(text).iter()],
    ".sql": lambda text: [line if not line.startswith("--") else "--" for line in text.splitlines()],
}


def test_no_text_becomes_a_part_of_any_file():
    made = copy.deepcopy(kit_release().raw)
    made["gates"] = [GATE]
    bad = said_otherwise(made)
    bad["municipalities"][0]["name"] = HOSTILE
    tame, hostile = (
        {name: content.decode() for name, content in exported_files(opened(one)).items()} for one in (made, bad)
    )
    assert tame.keys() == hostile.keys() and len(tame) > 6
    for name, text in tame.items():
        structure = STRUCTURE[name[name.rindex(".") :]]
        assert structure(hostile[name]) == structure(text), name
    assert sum("alert(1)" in text for text in hostile.values()) >= len(hostile) - 1  # all but the schema
