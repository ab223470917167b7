"""Data against the shapes: what the SHACL engine finds, and where in the files each of its results belongs."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Store

from solgraph.engines.local import Local
from solgraph.graph.names import LabelIndex
from solgraph.graph.snapshot import value_of
from solgraph.graph.validation_engine import run_engine
from solgraph.graph.validation_places import Places
from solgraph.graph.validation_report import Finding, Report, Result
from solgraph.rdf.namespaces import BASE, ID, PREFIXES, VOCAB, shorten, slug
from solgraph.rdf.store import File, load, merge, ontology_files
from solgraph.resources import display

#: Constraints that a copied IRI breaks.
_TOO_MANY = ("MaxCountConstraintComponent", "UniqueLangConstraintComponent")
#: Where things that several sources name are described, by the type in their IRI.
_REGISTER = {
    **dict.fromkeys(("city", "country", "region", "neighbourhood", "place"), "data/places.ttl"),
    **dict.fromkeys(("actor", "person"), "data/actors.ttl"),
    "network": "data/networks.ttl",
}


def validate(files: Sequence[File], context: Sequence[File] = (), shapes: Sequence[Path] = ()) -> Report:
    """Check files against the shipped shapes, and against your own ``shapes``.

    ``context`` are files to which the checked ones may refer; what is wrong with those alone is only counted. A result
    whose node has no line in a checked file stands at the line of what refers to it, or at the top of the file. Raises
    :class:`solgraph.errors.DataError` for a malformed file and for shapes that the engine cannot use.
    """
    store = load([*ontology_files(), *context])
    places = Places(store, context)
    empty = []
    for file in files:
        quads = places.read(file)
        store.extend(quads)
        empty += [] if quads else [_nothing_read(file.path)]
    merge(store)
    results = run_engine(store, shapes)
    reported = {(result.focus, result.shape) for result in results}
    placed = {result: place for result in results if (place := places.of(result, reported))}
    index = LabelIndex(Local(lambda _: store))
    iris = {result.focus.value for result in placed if isinstance(result.focus, NamedNode)}
    labels = index.labels(iris, ("en",))
    findings = [
        _finding(result, place, places, labels, _hint(store, index, result)) for result, place in placed.items()
    ]
    elsewhere = sum(result not in placed for result in results)
    repeated = len(results) - elsewhere - len(findings)
    findings = sorted([*findings, *empty], key=Finding.order)
    return Report(findings, len(files), len(places.described), elsewhere, repeated)


def _nothing_read(path: Path) -> Finding:
    """The warning for a file that says nothing, as JSON-LD without a context does."""
    name, what = "NothingRead", "No statement was read from this file. Does JSON-LD name its @context?"
    if not path.name.endswith((".jsonld", ".jsonld.gz")):
        what = what.partition(" Does ")[0]
    result = Result(
        NamedNode(path.absolute().as_uri()), "Warning", PREFIXES["sgs"] + name, PREFIXES["sgs"] + name, what
    )
    return Finding("Warning", display(path), 1, "the file", "", what, name, "", "", result)


def _finding(result: Result, place: tuple[Path, int], places: Places, labels: Mapping[str, str], hint: str) -> Finding:
    path, line = place
    value = value_of(result.value) if result.value is not None else ""
    return Finding(
        severity=result.severity,
        file=display(path),
        line=line,
        thing="a blank node" if isinstance(result.focus, BlankNode) else shorten(value_of(result.focus)),
        label=labels.get(value_of(result.focus), ""),
        message=" ".join(filter(None, (_message(result, places), _described_before(result, path, places), hint))),
        shape=slug(result.shape),
        value="a blank node" if isinstance(result.value, BlankNode) else shorten(value),
        excerpt=places.excerpt(path, line),
        result=result,
    )


def _message(result: Result, places: Places) -> str:
    """The message with short IRIs; the other thing of which it speaks, or the other source, gets its file and line."""
    message = re.sub(r"<?https?://[^ >]*[^ >.,;:]>?", lambda match: shorten(match.group().strip("<>")), result.message)
    other, graph = (result.focus if result.elsewhere else result.value), result.elsewhere
    name = shorten(graph or value_of(other))
    is_named = isinstance(other, NamedNode) and name in message and (graph or other != result.focus)
    place = places.anywhere(other.value, graph, result.other) if is_named and isinstance(other, NamedNode) else None
    return message.replace(name, f"{name} ({display(place[0])}:{place[1]})", 1) if place else message


def _described_before(result: Result, path: Path, places: Places) -> str:
    """Where another file describes a thing that has too many values: its IRI may have been copied."""
    if not result.component.endswith(_TOO_MANY) or not isinstance(result.focus, NamedNode):
        return ""
    place = places.anywhere(result.focus.value)
    is_elsewhere = place and place[0] != path
    return f"It is already described in {display(place[0])}:{place[1]}." if place and is_elsewhere else ""


def _hint(store: Store, index: LabelIndex, result: Result) -> str:
    """For an IRI of ours that nothing describes: those of its namespace that are spelt nearly so, and the next step."""
    value = result.value
    if not isinstance(value, NamedNode) or not value.value.startswith(BASE):
        return ""
    if any(store.quads_for_pattern(value, None, None, None)):
        return ""
    namespace = value.value.removesuffix(slug(value.value))
    near = [repr(shorten(name.iri)) for name in index.nearest(value.value) if name.iri.startswith(namespace)]
    mean = f"Did you mean {' or '.join(near[:3])}? " if near else ""
    return f"{mean}{_next_step(value.value, 'Otherwise' if near else 'If it is spelt right,')}".strip()


def _next_step(iri: str, start: str) -> str:
    if iri.startswith(VOCAB):
        return f"{start} add the concept to ontology/vocab/{iri.removeprefix(VOCAB).partition('/')[0]}.ttl."
    if not iri.startswith(ID):
        return ""
    kind = iri.removeprefix(ID).partition("/")[0]
    where = f"to {_REGISTER[kind]}" if kind in _REGISTER else "to the file of its source"
    return f"{start} add the {kind.replace('-', ' ')} {where}."
