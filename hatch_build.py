"""Puts the headers of the saved queries into the wheel as JSON, so that asking one need not load a YAML parser."""

import json
from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the text of each header and what it says; a text that is not among them is parsed when it is read."""
        if version == "editable":
            return
        bodies = [_yaml(path.read_text(encoding="utf-8")) for path in sorted(Path(self.root, "queries").glob("*.rq"))]
        target = Path(self.directory) / "headers.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        told = {body: yaml.load(body, Loader=yaml.BaseLoader) for body in bodies}
        target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        build_data["force_include"][str(target)] = "solgraph/queries/headers.json"


def _yaml(text: str) -> str:
    """The header of a saved query, as solgraph.queries.header takes it out."""
    return "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines())
