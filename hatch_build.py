"""Puts the headers of the saved queries into the wheel as Python: without parsing them, a query takes a fifth less."""

from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the text of each header with its content; a header that is not among them is parsed when it is read."""
        if version == "editable":
            return
        texts = (path.read_text(encoding="utf-8") for path in sorted(Path(self.root, "queries").glob("*.rq")))
        headers = {header: yaml.load(header, Loader=yaml.BaseLoader) for header in map(_header, texts)}
        target = Path(self.directory, "parsed_headers.py")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f'"""The headers of the saved queries."""\n\nHEADERS = {headers!r}\n', encoding="utf-8")
        build_data["force_include"][str(target)] = "solgraph/queries/parsed_headers.py"


def _header(text: str) -> str:
    """The header of a saved query, as solgraph.queries.header takes it out."""
    return "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines())
