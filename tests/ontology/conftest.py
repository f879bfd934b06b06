"""Java, which HermiT and the OWL API need: skipped on a machine without it, a failure in CI."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import owlready2  # type: ignore[import-untyped]  # ships no types
import pytest

from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.terminology.ontology import rdf_xml

JARS = Path("/usr/share/java")


def needed(what: str, found: object) -> None:
    """Skip without it, but never in CI, where .ci/run installs it."""
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{what} is needed in CI", pytrace=False)
        pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def java() -> str:
    found = shutil.which("java")
    needed("Java", found)
    return str(found)


@pytest.fixture(scope="session")
def owl_api(java: str) -> tuple[str, str]:
    """How to run a Java source file with the OWL API: the program and its class path."""
    needed("the Java compiler", shutil.which("javac"))
    needed("libowlapi-java", (JARS / "owlapi-distribution.jar").exists())
    return java, str(JARS / "*")


@pytest.fixture
def world() -> Iterator[owlready2.World]:
    """Our ontology in a world of its own, to add individuals to; without the module, which takes HermiT seconds."""
    made = owlready2.World()
    ours = rdf_xml(resource("ontology") / "trialgraph.ttl", resource("ontology") / "ladder.ttl")
    made.get_ontology(PREFIXES["tg"]).load(only_local=True, fileobj=io.BytesIO(ours))
    yield made
    made.close()
