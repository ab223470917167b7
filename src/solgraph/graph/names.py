"""Names of things, asked of an endpoint: to find things by name, and to show them by label."""

import os
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode

from solgraph.engines.endpoint import Endpoint
from solgraph.errors import WrongUse
from solgraph.queries.header import LANGUAGE
from solgraph.rdf.namespaces import FURTHER_NAMES, NAMING, PREFIXES, slug


def languages(chosen: str | Sequence[str] | None) -> tuple[str, ...]:
    """A fallback chain of languages from ``pl,it,en``, a list, SOLGRAPH_LANG, or else the locale."""
    if chosen is None:
        chosen = os.environ.get("SOLGRAPH_LANG") or _of_locale()
    listed = chosen.split(",") if isinstance(chosen, str) else chosen
    chain = [one.strip().lower() for one in listed if one.strip()]
    for one in chain:
        if not LANGUAGE.fullmatch(one):
            raise WrongUse(f"{one!r} is no language tag.", hint="Give tags such as pl,it,en.")
    return (*chain, "en")


def _of_locale() -> str:
    """The language of the environment (LC_ALL, LC_MESSAGES, LANG): ``pl`` for ``pl_PL.UTF-8``, nothing for ``C``."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = locale.partition(".")[0].partition("_")[0].lower()
    return language if len(language) in (2, 3) and language.isalpha() else ""


def names(
    endpoint: Endpoint,
    of_class: str | None = None,
    scheme: str | None = None,
    *,
    only: Iterable[str] | None = None,
    most: int | None = None,
) -> list[tuple[str, str]]:
    """Pairs of IRI and name, in all languages: of the things of a class, of the concepts of a scheme, or of all.

    A thing without a name is called by its slug. With ``only`` just those of these IRIs are asked for, with ``most`` no
    more than so many, whichever come first.
    """
    among = "" if only is None else f"VALUES ?thing {{ {' '.join(f'<{iri}>' for iri in sorted(only))} }} "
    among += f"?thing a/rdfs:subClassOf* <{of_class}> ." if of_class else ""
    among += f"?thing skos:inScheme <{scheme}> ." if scheme else ""
    paths = "|".join(f"<{iri}>" for iri in NAMING + FURTHER_NAMES)
    query = (
        f"SELECT DISTINCT ?thing ?name WHERE {{ {{ {among} ?thing {paths} ?name }} "
        f"UNION {{ {among} ?thing a ?any FILTER NOT EXISTS {{ ?thing {paths} ?nothing }} }} }}"
        f"{'' if most is None else f' LIMIT {most}'}"
    )
    return [
        (thing.value, name.value if isinstance(name, Literal) else slug(thing.value))
        for thing, name in endpoint.ask(_PROLOGUE + query).terms
        if isinstance(thing, NamedNode)
    ]


_PROLOGUE = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("rdfs", "skos"))


def labels(endpoint: Endpoint, iris: Iterable[str], chain: Sequence[str]) -> dict[str, str]:
    """The best label of each IRI that has one: the first language of the chain, then no language, then any."""
    wanted = " ".join(f"<{iri}>" for iri in sorted(iris))
    if not wanted:
        return {}
    naming = ", ".join(f"<{iri}>" for iri in NAMING)
    query = f"SELECT ?thing ?by ?label {{ VALUES ?thing {{ {wanted} }} ?thing ?by ?label FILTER(?by IN ({naming})) }}"
    best: dict[str, tuple[tuple[int, int, str], str]] = {}
    for thing, by, label in endpoint.ask(query).terms:
        if isinstance(thing, NamedNode) and isinstance(by, NamedNode) and isinstance(label, Literal):
            rank = (_language_rank(label.language or "", chain), NAMING.index(by.value), label.value)
            if thing.value not in best or rank < best[thing.value][0]:
                best[thing.value] = (rank, label.value)
    return {iri: label for iri, (_, label) in best.items()}


def _language_rank(language: str, chain: Sequence[str]) -> int:
    for rank, wanted in enumerate(chain):
        if language == wanted or language.startswith(f"{wanted}-"):
            return rank
    return len(chain) + bool(language)
