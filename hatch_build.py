"""Puts the headers of the saved queries into the wheel as Python: without parsing them, a query takes a fifth less."""

import shutil
from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the text of each header with its content; one that is not among them is parsed when it is read."""
        if version == "editable":
            return
        target = Path(self.directory, "parsed_headers")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        (target / "__init__.py").write_text(
            '"""The headers of the saved queries, each a module."""\n', encoding="utf-8"
        )
        for path in sorted(Path(self.root, "queries").glob("*.rq")):
            text = _header(path.read_text(encoding="utf-8"))
            header = yaml.load(text, Loader=yaml.BaseLoader)
            (target / f"{path.stem}.py").write_text(f"TEXT = {text!r}\nHEADER = {header!r}\n", encoding="utf-8")
        build_data["force_include"][str(target)] = "solgraph/queries/parsed_headers"


def _header(text: str) -> str:
    """The header of a saved query, as solgraph.queries.header takes it out."""
    return "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines())
