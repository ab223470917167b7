"""The page for questions of a site of files, and the words, names and examples that it needs."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.ask import examples, filling, meanings, mentions, names, ranking
from solgraph.graph.ask.name_parts import telling_alone
from solgraph.graph.search import words
from solgraph.graph.search.cards import FURTHER, NAME
from solgraph.graph.search.index import Index
from solgraph.graph.search.stored import index_of
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import BASE, VOCAB
from solgraph.rdf.terms import fold
from solgraph.texts import word
from solgraph.web.http import LANGUAGES, language, route, script
from solgraph.web.pages.context import snapshot_of
from solgraph.web.rendering import address, knowledge, render
from solgraph.web.routes.asking import example_questions

Json = dict[str, Any]
#: How exactly a date is known is no value that somebody asks for.
_HOW_EXACT = f"{VOCAB}precision"
_NAMES = (
    "SELECT DISTINCT card.id, key, kind, coalesce(written, folded) FROM text JOIN card ON card = card.id"
    f" WHERE folded != '' AND field IN ({NAME}, {FURTHER}) AND kind = ? ORDER BY key, field, place"
)


def _page(request: Request) -> Response:
    """``/ask``: a field; what a question may mean is found in the browser."""
    kg, code = knowledge(request), language(request)
    params = {name: param for saved in kg.queries() for name, param in saved.params.items()}
    shown = {
        "queries": {
            saved.name: [saved.localised("summary", kg.languages), address(request, f"/queries/{saved.name}")]
            for saved in kg.queries()
        },
        "parameters": {name: word(code, "parameter", name, name.replace("_", " ")) for name in params},
        "values": {value: word(code, "value", value) for param in params.values() for value in param.values},
    }
    return render(request, "ask_files.html", shown=shown, examples=example_questions(kg))


def _questions(request: Request) -> Response:
    """``/questions.js``: words, names and examples."""
    snapshot = snapshot_of(request)
    content = {**_language(), **_filling(), **_things(snapshot), **_examples(examples.examples_of(snapshot))}
    return script("solgraphQuestions", content)


def _language() -> Json:
    """Words and endings, and what words mean."""
    sets = {meanings: "DECISIVE SOFT", examples: "IGNORED WHICH COUNTED"}
    return {
        "lexicon": meanings.written("meanings.json"),
        "countries": meanings.written("countries.json"),
        "stop": sorted(words.STOP),
        "irregular": words.IRREGULAR,
        "endings": words.ENDINGS,
        "forms": names.ENDINGS,
        "adjectives": names.ADJECTIVES,
        "bounds": [mentions.SINCE, mentions.AFTER, mentions.UNTIL, mentions.BEFORE],
        **{name.lower(): sorted(getattr(module, name)) for module, text in sets.items() for name in text.split()},
    }


def _filling() -> Json:
    """What fills the parameters of queries, and what counts how much."""
    return {
        "classes": {kind: text.split() for kind, text in filling.CLASSES.items()},
        "values": {value: sorted(meant) for value, meant in filling.MEANINGS.items()},
        "concepts": filling.CONCEPTS,
        "no_choice": sorted(filling.NO_CHOICE),
        "placed": sorted(filling.PLACED),
        "combined": filling.COMBINED,
        "everyday": mentions.EVERYDAY,
        "weights": ranking.WEIGHTS._asdict(),
        "of_examples": [examples.SOME, examples.OTHERS, examples.ODDS, examples.PRIOR],
    }


# Names


def _things(snapshot: Snapshot) -> Json:
    """Kind, identifier and names of what may be named, and words that name something alone."""
    index = index_of(snapshot)
    rows = {key: (kind, texts) for kind in mentions.KINDS for key, texts in _named(index, kind).items()}
    labels = {code: snapshot.labels((code, "en")) for code in LANGUAGES}
    things = [
        [mentions.kind_of(key, kind), key.removeprefix(BASE), _labelled(key, texts, labels)]
        for key, (kind, texts) in rows.items()
    ]
    numbers = {key: number for number, key in enumerate(rows)}
    words_alone = {word: key for word, (key, _) in (*telling_alone(index).items(), *index.by_authors.items())}
    return {"things": things, "alone": {word: numbers[key] for word, key in words_alone.items() if key in numbers}}


def _named(index: Index, kind: str) -> Mapping[str, list[str]]:
    """The names of the things of a kind; those of cities alone are no names of organisations: ``city of Berlin``."""
    named: dict[str, list[str]] = {}
    for _, key, _, text in index.rows(_NAMES, kind):
        iri = BASE + key
        if not iri.startswith(_HOW_EXACT) and not (kind == "organisation" and _names_city(index, text)):
            named.setdefault(iri, []).append(text)
    return named


def _names_city(index: Index, text: str) -> bool:
    bare = " ".join(
        word for word in fold(text).split() if word not in words.STOP and "city" not in meanings.lexicon().of(word)
    )
    return bare != fold(text) and any(kind == "city" for _, kind in index.called([bare]).get(bare, ()))


def _labelled(key: str, texts: list[str], labels: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The labels in each language, those that are the same once, then the other names."""
    first = [labels[code].get(key, texts[0]) for code in LANGUAGES]
    first = first[:1] if len({*first}) == 1 else first
    shown = {fold(text) for text in first}
    return ["|".join(first), *dict.fromkeys(text for text in texts if fold(text) not in shown)]


# Examples


def _examples(known: examples.Examples) -> Json:
    """Features by number, which examples hold them, and what those count; the queries with their parameters."""
    numbers = {feature: number for number, feature in enumerate(known.held)}
    for query in known.queries.values():
        for feature in sorted(query.vocabulary):
            numbers.setdefault(feature, len(numbers))
    places = {name: place for place, name in enumerate(known.queries)}
    return {
        "features": [*numbers],
        "held": [[*numbers] for numbers in known.held.values()],
        "shares": [[places[name], round(share, 3)] for name, share in known.shares],
        "queries": [
            [*query[:-1], sorted(numbers[each] for each in query.vocabulary)] for query in known.queries.values()
        ],
    }


routes: list[BaseRoute] = [route("/ask", _page), route("/questions.js", _questions)]
