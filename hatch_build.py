"""Puts into the wheel what is made or fetched when it is built: of the saved queries, and of npm.

Of the saved queries: a stub for type checkers, and their headers as Python; without parsing them a query takes a fifth
less. Of npm: the libraries for the browser. In an editable installation only these, since the rest is read as it is.
"""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from solgraph.web.libraries import Library

_ESBUILD = {"esbuild": "0.28.2"}
_INSTALL = "install --no-package-lock --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=20000"
#: Licences of packages that do not carry their text.
_LICENCES = Path("src/solgraph/web/licences")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling calls before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make and fetch, and name what goes into the wheel although git ignores it."""
        sys.path.insert(0, str(Path(self.root, "src")))
        from solgraph.web.libraries import LIBRARIES

        wanted = [library for library in LIBRARIES if not library.is_there]
        if wanted and (reason := fetch(wanted, Path(self.root, _LICENCES))):
            self.app.display_warning(f"Without {', '.join(library.name for library in wanted)}: {reason}")
        if version == "editable":
            return
        folders = [library.folder for library in LIBRARIES if library.is_there]
        build_data["force_include"] |= {
            str(folder): folder.relative_to(Path(self.root, "src")).as_posix() for folder in folders
        }
        build_data["force_include"] |= data(Path(self.root, "data"))
        build_data["force_include"] |= made_of_queries(Path(self.root, "queries"), Path(self.directory))


def data(folder: Path) -> dict[str, str]:
    """The data without the tables of which the import makes some; where they are, and where they go in the wheel."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".csv")
    return {str(file): f"solgraph/data/{file.relative_to(folder).as_posix()}" for file in files}


def made_of_queries(folder: Path, out: Path) -> dict[str, str]:
    """Write the stub, and each header with a checksum of its text; where they are, and where they go in the wheel.

    A header that is not among them is parsed when it is read.
    """
    from solgraph.authoring.stubs import stub
    from solgraph.queries.catalogue import catalogue
    from solgraph.queries.header import checksum, yaml_text

    queries = catalogue(folder)
    target = out / "made_of_queries"
    shutil.rmtree(target, ignore_errors=True)
    headers = target / "parsed_headers"
    headers.mkdir(parents=True)
    for saved in queries:
        made = {"checksum": checksum(yaml_text(saved.text)), "header": saved.header}
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
        (headers / f"{saved.name}.json").write_text(text, encoding="utf-8")
    (target / "questions.pyi").write_text(stub(queries), encoding="utf-8")
    return {
        str(headers): "solgraph/queries/parsed_headers",
        str(target / "questions.pyi"): "solgraph/graph/questions.pyi",
    }


def fetch(libraries: "list[Library]", licences: Path) -> str:
    """Put libraries into their folders, each whole or not at all; why that is not possible, or nothing."""
    npm = shutil.which("npm")
    if not npm:
        return "there is no npm."
    packages = _ESBUILD.copy()
    for library in libraries:
        packages |= library.packages
        library.folder.parent.mkdir(exist_ok=True)
    try:
        with TemporaryDirectory(dir=libraries[0].folder.parent, prefix=".") as temporary:
            work = Path(temporary)
            (work / "package.json").write_text(json.dumps({"private": True, "dependencies": packages}))
            _run([npm, *_INSTALL.split()], work)
            for library in libraries:
                _bundle(library, work, licences)
    except subprocess.CalledProcessError as error:
        return str((error.stderr or error.stdout).strip())
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return ""


def _bundle(library: "Library", work: Path, licences: Path) -> None:
    """One script of what is exported, with further files in it, and the licence of every package that is in it."""
    fresh = work / library.name
    fresh.mkdir()
    for file in (work / "node_modules" / name for name in library.files):
        file.with_name(f"{file.name}.gzip").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    (work / "script.js").write_text(library.script)
    esbuild = ["node", "node_modules/esbuild/bin/esbuild", "script.js", "--bundle", "--minify", "--format=iife"]
    options = [f"--global-name={library.name}", f"--outfile={fresh / library.name}.js", "--loader:.gzip=base64"]
    _run([*esbuild, *options, "--metafile=made.json", "--log-level=error"], work)
    inputs = {name.removeprefix("node_modules/") for name in json.loads((work / "made.json").read_text())["inputs"]}
    packages = {"/".join(name.split("/")[: 1 + name.startswith("@")]) for name in inputs - {"script.js"}}
    texts = [_licence(work / "node_modules" / package, licences) for package in sorted(packages)]
    (fresh / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")
    shutil.rmtree(library.folder, ignore_errors=True)
    fresh.rename(library.folder)


def _licence(package: Path, licences: Path) -> str:
    """Name, version and licence of a package, which must have a text; not all packages carry theirs."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    file = next(package.glob("LICEN[SC]E*"), licences / f"{package.name}.txt")
    return f"{about['name']} {about['version']} ({about['license']})\n\n{file.read_text(encoding='utf-8')}"


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=300)
