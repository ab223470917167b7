"""What things are called, and which thing is meant by a text: one label index for every door."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.engines.endpoint import Endpoint
from solgraph.engines.local import Local
from solgraph.errors import ParameterError, WrongUse, did_you_mean
from solgraph.queries.header import LANGUAGE
from solgraph.rdf.namespaces import FURTHER_NAMES, GRAPH, ID, NAMING, PREFIXES, VOCAB, expand, shorten, slug
from solgraph.rdf.terms import Term, fold

if TYPE_CHECKING:
    from solgraph.rdf.store_on_disk import Prepared

#: IRI → what people read.
Label = Callable[[str], str]
_NAMING = NAMING + FURTHER_NAMES
#: Names of this rank and above serve to find a thing, not to show it.
_FURTHER = len(NAMING)
#: As many names are read to list some, where reading all of them would take too long.
_MOST_NAMES = 1000
#: As many names are listed when a text is near to none.
_MOST_LISTED = 12
#: Things that have no name of their own worth searching for, and those whose names are sentences.
_NOT_SEARCHED = (ID + "passage/", ID + "observation/")
_PROSE = ID + "finding/"
#: Documents and what they say, which may be titled as the thing that they are about.
_DOCUMENTS = (ID + "source/", _PROSE, *_NOT_SEARCHED)


def languages(chosen: str | Sequence[str] | None) -> tuple[str, ...]:
    """A fallback chain of languages from ``pl,it,en``, a list, SOLGRAPH_LANG, or else the locale."""
    if chosen is None:
        chosen = os.environ.get("SOLGRAPH_LANG") or _of_locale()
    listed = chosen.split(",") if isinstance(chosen, str) else chosen
    chain = [tag.strip().lower() for tag in listed if tag.strip()]
    for tag in chain:
        if not LANGUAGE.fullmatch(tag):
            raise WrongUse(f"{tag!r} is not a language tag.", hint="Give tags such as pl,it,en.")
    return (*chain, "en")


def _of_locale() -> str:
    """The language of the environment (LC_ALL, LC_MESSAGES, LANG): ``pl`` for ``pl_PL.UTF-8``, nothing for ``C``."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = locale.partition(".")[0].partition("_")[0].lower()
    return language if len(language) in (2, 3) and language.isalpha() else ""


def language_rank(language: str, chain: Sequence[str]) -> int:
    """How well a language fits a chain: its place there, then no language, then any other."""
    fits = (rank for rank, tag in enumerate(chain) if language == tag or language.startswith(f"{tag}-"))
    return next(fits, len(chain) + bool(language))


def best_texts(rows: Iterable[Sequence[Term | None]], chain: Sequence[str]) -> dict[str, str]:
    """Of rows of a thing and a text: each thing with its text in the language that fits a chain best."""
    best: dict[str, tuple[int, str]] = {}
    for thing, text in rows:
        if isinstance(thing, NamedNode) and isinstance(text, Literal):
            candidate = language_rank(text.language or "", chain), text.value
            best[thing.value] = min(best.get(thing.value, candidate), candidate)
    return {iri: text for iri, (_, text) in best.items()}


class Name(NamedTuple):
    """A name of a thing; ``rank`` 0 is that of a preferred label, and a slug, which comes last, stands for no name."""

    iri: str
    text: str
    language: str = ""
    rank: int = len(_NAMING)


class NameTable:
    """Names of some things, to find one of them by."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = names

    @cached_property
    def iris(self) -> dict[str, None]:
        """The things that the table names."""
        return dict.fromkeys(name.iri for name in self.names)

    @cached_property
    def searched(self) -> list[Name]:
        """The names that a field suggests: of things that have a page and a name of their own."""
        worth = (name for name in self.names if name.rank < len(_NAMING) and name.iri.startswith((ID, VOCAB)))
        return [name for name in worth if not name.iri.startswith(_NOT_SEARCHED)]

    @cached_property
    def _folded(self) -> list[tuple[str, Name]]:
        return [(fold(name.text), name) for name in self.searched]

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Name]]:
        """Folded name or slug → the things that are called so."""
        by_name: dict[str, dict[str, Name]] = {}
        slugs = (Name(iri, slug(iri)) for iri in self.iris)
        for name in (*self.names, *slugs):
            by_name.setdefault(fold(name.text), {}).setdefault(name.iri, name)
        return by_name

    def exactly(self, text: str) -> list[Name]:
        """The things that a text names by IRI, CURIE, slug or whole name in any language.

        The title of a document never takes a name from a thing: a page called "Palermo" leaves the city its name. Nor
        does the slug of a thing: "Moving Cities" is who is called so, not the programme ``programme:moving-cities``.
        """
        iri = expand(text.strip())
        if iri in self.iris:
            return [next(name for name in self.names if name.iri == iri)]
        folded = fold(text)
        called = sorted(self._by_name.get(folded, {}).values(), key=lambda name: name.iri) if folded else []
        called = [name for name in called if name.rank < len(_NAMING)] or called
        for behind in (_DOCUMENTS, _NOT_SEARCHED):
            called = [name for name in called if not name.iri.startswith(behind)] or called
        return called

    def find(self, text: str, what: str = "thing", asked_by: str = "") -> str:
        """The IRI of the one thing that a text names. Raises :class:`ParameterError`, as :meth:`LabelIndex.find`."""
        matches = self.exactly(text)
        if len(matches) == 1:
            return matches[0].iri
        where = f"{asked_by}: " if asked_by else ""
        if matches:
            candidates = tuple(shorten(name.iri) for name in matches)
            problem, hint = f"{where}{text!r} names {len(matches)} things.", f"Say which: {', '.join(candidates)}"
            raise ParameterError(problem, hint=hint, value=text, candidates=candidates)
        near = tuple(name.text for name in self.nearest(text, 3))
        problem = f"{where}{text!r} names no {what} in this graph."
        raise ParameterError(problem, hint=self._hint(near), value=text, candidates=near)

    def _hint(self, near: Sequence[str]) -> str:
        if near:
            return f"Did you mean {' or '.join(dict.fromkeys(map(repr, near)))}?"
        english = {name.text for name in self.names if name.language in ("", "en") and name.rank < _FURTHER}
        names = sorted(english or {slug(iri) for iri in self.iris})
        if len(names) > _MOST_LISTED * 10:
            return "Names are known in all languages of the data; parts of names are not."
        shown = ", ".join(names[:_MOST_LISTED])
        return f"Known: {shown}{' …' if len(names) > _MOST_LISTED else ''}" if names else "This graph has none."

    def holding(self, text: str, limit: int = 50) -> list[Name]:
        """Things whose names hold the words, best first: exact ones, beginnings of names, of words, the rest.

        Statements in prose (findings) come after things that have a name of their own.
        """
        wanted, best = fold(text), {name.iri: ((0, 0, 0, name.iri), name) for name in self.exactly(text)}
        words = wanted.split()
        for folded, name in self._folded if wanted else ():
            if all(word in folded for word in words):
                rank = (_closeness(folded, wanted), int(name.iri.startswith(_PROSE)), len(folded), name.iri)
                if name.iri not in best or rank < best[name.iri][0]:
                    best[name.iri] = (rank, name)
        return [name for _, name in sorted(best.values(), key=lambda pair: pair[0])[:limit]]

    def nearest(self, text: str, limit: int = 5) -> list[Name]:
        """The things whose names hold the words, or whose names or slugs are spelt nearly so.

        For an IRI only those of the same namespace, if it has any: else those of the same slug elsewhere.
        """
        iri = expand(text.strip()) or ""
        nearest = self._spelt_nearly(slug(iri or text), limit * 5 if iri else limit)
        bare = slug(iri)
        if not iri or not (namespace := iri.removesuffix(bare)) or not bare:
            return nearest[:limit]
        beside = [name for name in nearest if name.iri.startswith(namespace)] or self._beside(bare, namespace, limit)
        is_known = any(iri.startswith(namespace) for iri in self.iris)
        elsewhere = [name for name in nearest if slug(name.iri) == bare] or ([] if is_known else nearest)
        return (beside or elsewhere)[:limit]

    def _beside(self, bare: str, namespace: str, limit: int) -> list[Name]:
        """The things of a namespace whose slugs are least unlike."""
        from difflib import get_close_matches

        slugs = {slug(name.iri): name for name in reversed(self.names) if name.iri.startswith(namespace)}
        return [slugs[each] for each in get_close_matches(bare[:100], slugs, n=limit, cutoff=0.5)]

    def _spelt_nearly(self, bare: str, limit: int) -> list[Name]:
        from difflib import get_close_matches

        close = get_close_matches(fold(bare)[:100], self._by_name, n=limit, cutoff=0.75)
        similar = [name for folded in close for name in self._by_name[folded].values()]
        nearest: dict[str, Name] = {}
        for name in (*self.holding(bare, 3), *similar):
            nearest.setdefault(name.iri, name)
        return list(nearest.values())


def _closeness(folded: str, wanted: str) -> int:
    if folded == wanted:
        return 0
    return 1 if folded.startswith(wanted) else 2 if f" {wanted}" in folded else 3


class LabelIndex:
    """The names of everything at an endpoint: which thing is meant by a text, and what a thing is called.

    Of a store in memory names are read once; a server is asked each time, since its data may change, and a store on
    disk has an index of its own.
    """

    def __init__(self, endpoint: Endpoint, prepared: "Prepared | None" = None) -> None:
        self._endpoint, self._prepared = endpoint, prepared
        self._tables: dict[tuple[str, str], NameTable] = {}
        self._lock = Lock()

    # Which thing is meant?

    def find(self, text: str, of_class: str = "", scheme: str = "", *, asked_by: str = "") -> str:
        """The IRI of the one thing that a text names by IRI, CURIE, slug or name in any language.

        It is looked for among the things of a class such as ``sg:City``, the concepts of a scheme, or all. What no
        source names (``sg:unnamed``) is found by its IRI alone. Raises :class:`ParameterError` with the nearest names
        when nothing is named so, and with the candidates when several things are; ``asked_by`` begins its sentence.
        """
        what = f"{scheme.replace('-', ' ')} concept" if scheme else of_class.partition(":")[2] or "thing"
        if (iri := expand(text.strip()) or "").startswith(GRAPH) and not self._read(only=[iri]):
            self._refuse_graph(text, iri)
        return self._table_for(text, of_class, scheme).find(text, what, asked_by)

    def _refuse_graph(self, text: str, iri: str) -> None:
        """Raise what there is to say of the IRI of a named graph, which is no thing."""
        rows = self._endpoint.ask("SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }").terms
        graphs = sorted(str(getattr(graph, "value", "")).removeprefix(GRAPH) for (graph,) in rows)
        name = iri.removeprefix(GRAPH)
        if name in graphs:
            what = f"{text!r} is a named graph and not a thing."
            raise ParameterError(what, hint=f'What it holds: kg.exported(source="{name}")', value=text)
        hint = did_you_mean(name, graphs) or f"Graphs: {', '.join(graphs[:_MOST_LISTED])}"
        raise ParameterError(f"There is no named graph {text!r}.", hint=hint, value=text)

    def holding(self, text: str, limit: int = 50) -> list[Name]:
        """Things whose names hold the words, for filters of lists by name; a search knows more than names."""
        return self._table().holding(text, limit)

    @property
    def searched(self) -> list[Name]:
        """The names that a field suggests, the best of each thing first."""
        return self._table().searched

    def nearest(self, text: str, limit: int = 5) -> list[Name]:
        """The things whose names are nearest to a text."""
        return self._table().nearest(text, limit)

    def names(self, of_class: str = "", scheme: str = "") -> Sequence[Name]:
        """All names, in all languages, of the things of a class, of the concepts of a scheme, or of everything.

        A thing without a name is called by its slug.
        """
        return self._table(of_class, scheme).names

    def iris(self, of_class: str = "", scheme: str = "") -> Iterable[str]:
        """All things of a class, concepts of a scheme, or everything."""
        return self._table(of_class, scheme).iris

    def _table(self, of_class: str = "", scheme: str = "") -> NameTable:
        if not isinstance(self._endpoint, Local):
            return NameTable(self._read(of_class, scheme))
        with self._lock:
            if (of_class, scheme) not in self._tables:
                self._tables[of_class, scheme] = NameTable(self._read(of_class, scheme))
            return self._tables[of_class, scheme]

    def _table_for(self, text: str, of_class: str, scheme: str) -> NameTable:
        """A table that holds what a text means, or what is spelt nearly so, without reading all names if possible."""
        iri = expand(text.strip())
        if isinstance(self._endpoint, Local) and not self._prepared:
            table = self._table(of_class, scheme)
            unnamed = self._read(of_class, scheme, only=[iri]) if iri and iri not in table.iris else []
            return NameTable(unnamed) if unnamed else table
        for iris in self._candidates(text):
            if iris and (names := self._read(of_class, scheme, only=iris)):
                table = NameTable(names)
                if table.exactly(text) or table.nearest(text, 1):
                    return table
        return NameTable(self._read(of_class, scheme, most=_MOST_NAMES if self._prepared else None))

    def _candidates(self, text: str) -> Iterator[list[str]]:
        """The IRIs that a text may mean: exactly, then nearly."""
        iri = expand(text.strip())
        yield [*([iri] if iri else []), *(self._prepared.called(text) if self._prepared else [])]
        if self._prepared:
            yield self._prepared.near(slug(iri or text))

    def _read(
        self, of_class: str = "", scheme: str = "", *, only: Iterable[str] | None = None, most: int | None = None
    ) -> list[Name]:
        """Names of the things of a class, of the concepts of a scheme, or of all; a slug for a thing without a name.

        What no source names is left out, unless it is one of ``only``.
        """
        among = "" if only is None else f"VALUES ?thing {{ {_iris(only)} }} "
        named = "FILTER NOT EXISTS { ?thing sg:unnamed true }" if only is None else ""
        among += f"?thing a/rdfs:subClassOf* <{expand(of_class)}> ." if of_class else ""
        among += f"?thing skos:inScheme <{VOCAB}{scheme}> ." if scheme else ""
        return self._names(
            f"{{ {{ {among} ?thing ?by ?name FILTER(?by IN ({_BY})) }} "
            f"UNION {{ {among} ?thing a ?class FILTER NOT EXISTS {{ ?thing {_BY.replace(', ', '|')} ?none }} }} "
            f"{named} }}"
            f"{'' if most is None else f' LIMIT {most}'}"
        )

    def _names(self, where: str) -> list[Name]:
        rows = self._endpoint.ask(f"{_PROLOGUE} SELECT DISTINCT ?thing ?by ?name {where}").terms
        return sorted(
            Name(thing.value, name.value, name.language or "", _NAMING.index(by.value))
            if isinstance(name, Literal) and isinstance(by, NamedNode)
            else Name(thing.value, slug(thing.value))
            for thing, by, name in rows
            if isinstance(thing, NamedNode)
        )

    # What is a thing called?

    def labels(self, iris: Iterable[str], chain: Sequence[str]) -> dict[str, str]:
        """The label of each IRI that has one: the first language of the chain, then no language, then any.

        Memberships and terms in office, which have no names, are called by what they tie together, and named graphs by
        their documents.
        """
        asked = set(iris)
        documents = {iri: f"{ID}source/{slug(iri)}" for iri in asked if iri.startswith(GRAPH)}
        wanted = asked | set(documents.values())
        if not wanted:
            return {}
        labels = self._best(
            f"{{ VALUES ?thing {{ {_iris(wanted)} }} ?thing ?by ?name FILTER(?by IN ({_SHOWN})) }}", chain
        )
        unnamed = [iri for iri in wanted if iri not in labels and iri.startswith(ID)]
        ties = self._ties(f"VALUES ?tie {{ {_iris(unnamed)} }}") if unnamed else {}
        ends = {end for pair in ties.values() for end in pair}
        of_graphs = {graph: labels[source] for graph, source in documents.items() if source in labels}
        return labels | of_graphs | _tied(ties, labels | self.labels(ends - labels.keys(), chain))

    def all_labels(self, chain: Sequence[str]) -> dict[str, str]:
        """The labels of everything, as ``labels`` gives them."""
        labels = self._best(f"{{ ?thing ?by ?name FILTER(?by IN ({_SHOWN})) }}", chain)
        source = f"{ID}source/"
        of_graphs = {iri.replace(source, GRAPH): label for iri, label in labels.items() if iri.startswith(source)}
        return _tied(self._ties(), labels) | of_graphs | labels

    def _best(self, where: str, chain: Sequence[str]) -> dict[str, str]:
        ranked = (
            (name.iri, (language_rank(name.language, chain), name.rank, name.text)) for name in self._names(where)
        )
        best: dict[str, tuple[int, int, str]] = {}
        for iri, rank in ranked:
            best[iri] = min(best.get(iri, rank), rank)
        return {iri: text for iri, (_, _, text) in best.items()}

    def _ties(self, among: str = "") -> dict[str, tuple[str, str]]:
        """Memberships and terms in office with who and what they tie together."""
        query = (
            f"{_PROLOGUE} SELECT ?tie ?member ?group {{ {among} ?tie org:member ?member ; org:organization ?group }}"
        )
        rows = sorted([str(getattr(term, "value", "")) for term in row] for row in self._endpoint.ask(query).terms)
        return {tie: (member, group) for tie, member, group in rows}


_BY = ", ".join(f"<{iri}>" for iri in _NAMING)
_SHOWN = ", ".join(f"<{iri}>" for iri in NAMING)
_PROLOGUE = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("org", "rdfs", "sg", "skos"))


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in sorted(iris))


def _tied(ties: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> dict[str, str]:
    return {tie: " – ".join(labels.get(end) or shorten(end) for end in ends) for tie, ends in ties.items()}
