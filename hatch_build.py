"""Puts into the wheel what is made of the saved queries: a stub for type checkers, and their headers as Python.

Without parsing the headers, a query takes a fifth less.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the text of each header with its content; a header that is not among them is parsed when it is read."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from solgraph.authoring.stubs import stub
        from solgraph.queries.catalogue import catalogue
        from solgraph.queries.header import yaml_text

        queries = catalogue(Path(self.root, "queries"))
        target = Path(self.directory, "made_of_queries")
        shutil.rmtree(target, ignore_errors=True)
        headers = target / "parsed_headers"
        headers.mkdir(parents=True)
        (headers / "__init__.py").write_text(
            '"""The headers of the saved queries, each a module."""\n', encoding="utf-8"
        )
        for saved in queries:
            text = f"TEXT = {yaml_text(saved.text)!r}\nHEADER = {saved.header!r}\n"
            (headers / f"{saved.name}.py").write_text(text, encoding="utf-8")
        (target / "questions.pyi").write_text(stub(queries), encoding="utf-8")
        build_data["force_include"] |= {
            str(headers): "solgraph/queries/parsed_headers",
            str(target / "questions.pyi"): "solgraph/graph/questions.pyi",
        }
