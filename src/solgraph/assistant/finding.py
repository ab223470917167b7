"""Finding things and saved queries for an assistant: full text, the catalogue, and questions in plain words."""

from collections.abc import Iterable, Iterator

from solgraph.assistant.answers import answered
from solgraph.assistant.arguments import schema
from solgraph.assistant.pages import Page, Reply, fitting, lines
from solgraph.assistant.sources import Json, Sources, linked
from solgraph.assistant.wording import call
from solgraph.errors import WrongUse
from solgraph.graph.ask.readings import Asked, Reading
from solgraph.graph.choices import choices
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.parameter_schema import example_of, schema_of
from solgraph.graph.search.hits import Hit, search
from solgraph.networks.model.selection import options_of
from solgraph.queries.catalogue import find
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery

#: A schema names so many things as examples of what a parameter takes.
_MOST_EXAMPLES = 24
#: Options of networks that make files or other networks, not figures.
_NO_FIGURES = ("compare", "keep", "max-edges")


# Full text


def searched(kg: Knowledge, page: Page, *, words: str, kind: str = "", country: str = "") -> Reply:
    """The things and saved queries that hold some words, each with the text that shows why."""
    within = kg.find(country, "sg:Country") if country else ""
    hits = search(kg.snapshot, kg.languages, words, kind, within, limit=page.limit, start=page.offset)
    shown = fitting(_hits(kg, hits))
    notes = hits.notes()
    if not hits.total:
        names = " or ".join(repr(kg.label(iri)) for iri in kg.nearest(words, 3))
        notes.append(f"Did you mean {names}?" if names else f"Try fewer words, or see {call('queries')}")
    values = {"words": words, "kinds": dict(hits.counts)} | page.described(len(shown), hits.total, "hits")
    head = f"{words}: {hits.total} hit{'' if hits.total == 1 else 's'}"
    return Reply(
        values | {"hits": shown, "notes": notes}, lines(head, notes, _hit_lines(shown), values.get("rest", ""))
    )


def _hits(kg: Knowledge, hits: Iterable[Hit]) -> list[Json]:
    sources = Sources(kg, {iri for hit in hits for iri in (hit.passage, hit.document)})
    return [_hit(hit, sources) for hit in hits]


def _hit(hit: Hit, sources: Sources) -> Json:
    place = {"query": hit.key} if hit.kind == "query" else {"iri": hit.key}
    texts: Json = {"kind": hit.kind, "name": hit.label} | place | {"snippet": hit.text}
    if read_at := hit.passage or hit.document:
        texts["source"] = sources.thing(read_at)
    return texts


def _hit_lines(hits: Iterable[Json]) -> Iterator[str]:
    for hit in hits:
        where = linked(hit) if "iri" in hit else f"{hit['name']} (saved query {hit['query']})"
        source = f" ({linked(hit['source'])})" if "source" in hit else ""
        snippet = f" — {hit['snippet']}" if hit["snippet"] else ""
        yield f"- {hit['kind']}: {where}{snippet}{source}"


# The catalogue


def catalogue(kg: Knowledge, page: Page, *, words: str = "", name: str = "") -> Reply:
    """The saved queries that match some words, or all that there is to know about one of them."""
    if name:
        values = _whole(kg, find(name, kg.folders))
        return Reply(values, lines(*_whole_lines(values)))
    queries = kg.queries(words)
    if not queries:
        raise WrongUse(f"No saved query matches '{words}'.", hint=f"See them all: {call('queries')}")
    notes = kg.search(words, kind="query").notes() if words.strip() else []
    shown = fitting([_brief(kg, saved) for saved in queries[page.slice]])
    values = page.described(len(shown), len(queries), "queries") | {"queries": shown}
    texts = [f"- {query['name']}({', '.join(query['parameters'])}): {query['summary']}" for query in shown]
    closing = f"All about one, with its parameters: {call('queries', (), {'name': shown[0]['name']})}" if shown else ""
    return Reply(values | {"notes": notes}, lines(notes, texts, values.get("rest", ""), closing))


def _brief(kg: Knowledge, saved: SavedQuery) -> Json:
    """A query in a line; the parameters that may be left out end in a question mark."""
    names = [f"{param.name}{'' if param.required else '?'}" for param in saved.params.values()]
    texts = {"name": saved.name, "summary": saved.localised("summary", kg.languages), "parameters": names}
    return texts | {"is_network": bool(saved.network)}


def _whole(kg: Knowledge, saved: SavedQuery) -> Json:
    texts = {key: saved.localised(key, kg.languages) for key in ("summary", "description")}
    asks = next(filter(None, map(saved.asks, kg.languages)), [])
    required = [param for param in saved.params.values() if param.required and param.example]
    examples = {
        param.name: [param.example] if param.multiple else example_of(param) or param.example for param in required
    }
    whole = {"name": saved.name, **texts, "parameters": parameters_schema(kg, saved.params.values())}
    whole |= {"columns": saved.localised_columns(kg.languages), "answers": asks}
    whole |= {"example": {"tool": "query", "arguments": {"name": saved.name, "parameters": examples}}}
    return whole | ({"network_options": parameters_schema(kg, network_options(saved))} if saved.network else {})


def _whole_lines(whole: Json) -> Iterator[str | list[str]]:
    yield f"{whole['name']}: {whole['summary']}"
    yield whole["description"]
    for title, key in (("Parameters", "parameters"), ("Of the network (tool network)", "network_options")):
        if key in whole:
            yield [f"{title}:", *_parameter_lines(whole[key])]
    yield ["Columns:", *(f"- {name}: {meaning}" for name, meaning in whole["columns"].items())]
    yield ["Answers:", *(f"- {question}" for question in whole["answers"])] if whole["answers"] else ""
    yield f"For example: {call('query', [whole['name']], whole['example']['arguments']['parameters'])}"


def _parameter_lines(schema: Json) -> Iterator[str]:
    for name, own in schema["properties"].items():
        item = own.get("items", own)
        must = ", required" if name in schema["required"] else ""
        several = "several of " if "items" in own else ""
        allowed = f"; one of {', '.join(item['enum'])}" if "enum" in item else ""
        examples = item.get("examples", own.get("examples", []))
        such_as = f"; such as {', '.join(map(str, examples))}" if examples else ""
        default = f"; without it {own['default']}" if "default" in own else ""
        yield f"- {name} ({several}{item['type']}{must}): {own['description']}{allowed}{such_as}{default}"
    if not schema["properties"]:
        yield "- none"


def parameters_schema(kg: Knowledge, params: Iterable[Parameter]) -> Json:
    """The schema of the parameters of a query, for the argument ``parameters`` of the tools."""
    listed = list(params)
    properties = {param.name: _property(kg, param) for param in listed}
    return schema(properties, tuple(param.name for param in listed if param.required))


def _property(kg: Knowledge, param: Parameter) -> Json:
    """The schema of a parameter; things are named in any language, and the slugs of some are its examples."""
    example = example_of(param)
    own = schema_of(param, lambda param: _things(kg, param)) | {"description": param.description}
    return own if example is None else own | {"examples": [example]}


def _things(kg: Knowledge, param: Parameter) -> Json:
    slugs = [choice.value for choice in choices(kg, param)]
    examples = slugs if 0 < len(slugs) <= _MOST_EXAMPLES else [param.example] if param.example else []
    return {"type": "string", **({"examples": examples} if examples else {})}


def network_options(saved: SavedQuery) -> list[Parameter]:
    """What can be chosen of a network besides the parameters of its query."""
    return [option for option in options_of(saved) if option.name not in _NO_FIGURES]


# Questions in plain words


def asked(kg: Knowledge, page: Page, *, question: str, pick: int | None = None) -> Reply:
    """The answer to a question if it is clear what is meant; else its readings, and what the texts have on it."""
    whole = kg.ask(question)
    if whole.parts and pick:
        raise WrongUse("The question has several parts.", hint="Pick a reading of one of them: ask that part alone.")
    readings = [part.pick(pick or 1) for part in whole.parts or [whole]] if pick or whole.is_sure else []
    answers = [_answer(kg, reading, page) for reading in readings]
    values: Json = {"question": question, "sure": whole.is_sure, "answers": [answer.values for answer in answers]}
    values["readings"] = [_reading(number, reading) for number, reading in enumerate(whole, 1)]
    if whole.parts and not answers:
        values["parts"] = [_part(part) for part in whole.parts]
    if answers:
        others = [_other(other) for other in values["readings"] if whole[other["number"] - 1] not in readings]
        closing = ["Other readings:", *others] if others else ""
        return Reply(values, lines(*(answer.text for answer in answers), closing))
    values["hits"] = _hits(kg, whole.hits)
    return Reply(values, lines(*_doubts(whole, values)))


def _answer(kg: Knowledge, reading: Reading, page: Page) -> Reply:
    answer = answered(kg, reading.run(), page)
    values = {"understood": reading.text, "left_out": [*reading.lacks()]} | answer.values
    head = [f"Understood as: {reading.text}", *(f"{lack[0].upper()}{lack[1:]}." for lack in reading.lacks())]
    return Reply(values, lines(head, answer.text.partition("\n\n")[2]))


def _reading(number: int, reading: Reading) -> Json:
    texts: Json = {"number": number, "understood": reading.text, "query": reading.query}
    return texts | {"parameters": reading.parameters, "left_out": [*reading.lacks()], "empty": reading.is_empty}


def _part(part: Asked) -> Json:
    return {
        "question": part.question,
        "readings": [_reading(number, reading) for number, reading in enumerate(part, 1)],
    }


def _other(reading: Json) -> str:
    left_out = f" ({'; '.join(reading['left_out'])})" if reading["left_out"] else ""
    return f'- "pick": {reading["number"]} for {reading["understood"]}{left_out}{" – no rows" * reading["empty"]}'


def _doubts(whole: Asked, values: Json) -> Iterator[str | list[str]]:
    """What is asked back, in the words of the command line."""
    if whole.parts:
        yield [f"This asks {len(whole.parts)} things. Ask one at a time:"]
        yield [f"- {call('ask', [part.question])}" for part in whole.parts]
    elif values["readings"]:
        yield ["It is not clear what is meant. It may be:", *map(_other, values["readings"])]
    else:
        yield f"No saved query answers this. See them all: {call('queries')}"
    yield ["In the texts:", *_hit_lines(values["hits"])] if values["hits"] else ""
