"""Software that others wrote to compute PMML, on Java: PMML4S (in pypmml), and JPMML where it is installed."""

import json
import os
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

NO_JAVA = "java is not installed: no software but ours computes score-<month>.pmml"
NO_JPMML = (
    "jpmml_evaluator is not installed: JPMML does not compute score-<month>.pmml, nor is the file held to its schema"
)
SCHEMA = "http://www.w3.org/2001/XMLSchema"


def by_pmml4s(content, rows):
    """What PMML4S tells of `rows`, field to text: points, whether unusual, risk and reasons, or None."""
    if shutil.which("java") is None:
        pytest.skip(NO_JAVA)
    from pypmml import Model

    return [told(row) for row in json.loads(Model.fromString(content.decode()).predict(json.dumps(rows)))]


def by_jpmml(content, rows, folder):
    """… what JPMML tells, which first holds the file to the schema of PMML and tries the file's own examples."""
    if shutil.which("java") is None or find_spec("jpmml_evaluator") is None:
        pytest.skip(NO_JPMML)
    from jpmml_evaluator import make_evaluator

    file, backend = folder / "score.pmml", jpmml()
    file.write_bytes(content)
    check_schema(backend.gateway.jvm, file)
    computed = make_evaluator(str(file), backend=backend).verify().evaluateAll(pd.DataFrame(rows).astype(object))
    return [told(row) for row in computed.astype(object).where(computed.notna(), None).to_dict("records")]


@cache
def jpmml():
    """A running JPMML, which ends when the tests do; one that its own package starts stays."""
    from jpmml_evaluator.py4j import Py4JBackend
    from py4j.java_gateway import JavaGateway

    jars = os.pathsep.join(map(str, installed().glob("*/*.jar")))
    return Py4JBackend(JavaGateway.launch_gateway(classpath=jars, die_on_exit=True))


def installed():
    """The folder of the package that has JPMML's jars."""
    return Path(find_spec("jpmml_evaluator").origin).parent


def check_schema(jvm, file):
    """Refuse (Py4JJavaError) a file that breaks the schema, which lies in JPMML's jar."""
    [jar] = installed().glob("dependencies/pmml-model-[0-9]*.jar")
    schema = jvm.java.net.URL(f"jar:{jar.as_uri()}!/pmml.xsd")
    validator = jvm.javax.xml.validation.SchemaFactory.newInstance(SCHEMA).newSchema(schema).newValidator()
    validator.validate(jvm.javax.xml.transform.stream.StreamSource(jvm.java.io.File(str(file))))


def told(row):
    if row["Points"] is None:
        assert [row.get(name) for name in ("Unusual", "Risk", "Reason1")] == [None] * 3
        return None
    reasons = list(dict.fromkeys(filter(None, (row[f"Reason{rank}"] for rank in (1, 2, 3)))))
    return row["Points"], row["Unusual"] == "true", row["Risk"], reasons
