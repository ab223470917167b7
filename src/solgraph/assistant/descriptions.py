"""Everything known about a thing, for an assistant: facts, and a part of what points to it, with the sources."""

from collections.abc import Iterator
from itertools import chain

from solgraph.assistant.pages import MOST_CHARACTERS, Page, Reply, fitting, lines
from solgraph.assistant.sources import Json, Sources, linked
from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.description import Description
from solgraph.graph.facts import Mention
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.namespaces import slug

#: So many of each group are shown where no group is asked for.
EACH = 5


def described(kg: Knowledge, page: Page, *, thing: str, group: str = "", each: int = EACH) -> Reply:
    """What is known about a thing: the first of each group that points to it, or a part of a single group."""
    description = _Described(kg, kg.describe(thing))
    return description.group(group, page) if group else description.whole(each)


class _Described:
    def __init__(self, kg: Knowledge, about: Description) -> None:
        self.about = about
        self.sources = Sources(kg, {about.iri, *about.passages, *about.labels}, about.labels)
        #: Class, as its name in the ontology, → what points to the thing.
        self.groups = {slug(of_class) or "Term": mentions for of_class, mentions in about.mentions.items()}

    def whole(self, each: int) -> Reply:
        about, things = self.about, self.sources.things
        facts = [
            {
                "property": about.word(fact.property),
                "values": [self.sources.value(term) for term in fact.values],
                "sources": things(fact.sources),
            }
            for fact in about.facts
        ]
        groups = {name: self._first(name, each) for name in self.groups}
        values = self._head() | {
            "also_called": [name for name, _ in about.names],
            "summary": [{"text": text, "sources": things(sources)} for text, _, sources in about.summary],
            "facts": facts,
            "evidence": things(about.evidence),
            "groups": groups,
        }
        return Reply(values, lines(*_paragraphs(values)))

    def group(self, group: str, page: Page) -> Reply:
        names = {name.casefold(): name for name in self.groups}
        if group.casefold() not in names:
            hint = did_you_mean(group, self.groups) or f"There are: {', '.join(self.groups) or 'none'}."
            raise WrongUse(f"No {group} points to {self.about.label}.", hint=hint)
        name = names[group.casefold()]
        values = self._head() | {"groups": {name: self._part(name, page)}}
        return Reply(values, lines(*_paragraphs(values)))

    def _head(self) -> Json:
        kinds = [self.about.word(of_class) for of_class in self.about.classes]
        return self.sources.thing(self.about.iri) | {"kinds": kinds}

    def _first(self, name: str, each: int) -> Json:
        """The first of a group, so that there is room for all groups, and how to get the others."""
        mentions = self.groups[name]
        shown = fitting([self._mention(mention) for mention in mentions[:each]], MOST_CHARACTERS // len(self.groups))
        rest = f'{len(mentions) - len(shown)} more: "group": "{name}", "offset": {len(shown)}.'
        return {"total": len(mentions), "things": shown} | ({"rest": rest} if len(shown) < len(mentions) else {})

    def _part(self, name: str, page: Page) -> Json:
        shown = fitting([self._mention(mention) for mention in self.groups[name][page.slice]])
        return page.described(len(shown), len(self.groups[name]), "things") | {"things": shown}

    def _mention(self, mention: Mention) -> Json:
        """What points to the thing, without what is empty."""
        about = self.about
        details = [*map(about.word, mention.relations), *map(about.shown, mention.details), str(mention.span)]
        roles = {about.word(by): self.sources.things(iris) for by, iris in mention.roles}
        texts: Json = {"name": about.title(mention), "iri": mention.iri, "details": [*filter(None, details)]}
        texts |= {"text": mention.text, "roles": roles, "sources": self.sources.things(mention.evidence)}
        return {key: value for key, value in texts.items() if value}


# As a text


def _paragraphs(values: Json) -> Iterator[str | list[str]]:
    yield [f"{values['name']} · {', '.join(values['kinds']) or 'thing'}", values["iri"]]
    yield f"Also called: {', '.join(values['also_called'])}" if values.get("also_called") else ""
    yield from (f"{summary['text']}{_sources(summary)}" for summary in values.get("summary", ()))
    yield [f"- {fact['property']}: {_listed(fact['values'])}{_sources(fact)}" for fact in values.get("facts", ())]
    yield f"Sources: {'; '.join(map(linked, values['evidence']))}" if values.get("evidence") else ""
    for name, group in values["groups"].items():
        rest = [group["rest"]] if "rest" in group else []
        yield [f"{name} ({group['total']})", *chain.from_iterable(map(_lines, group["things"])), *rest]


def _lines(mention: Json) -> Iterator[str]:
    details = ", ".join(mention.get("details", ()))
    yield f"- {linked(mention)}{f': {details}' if details else ''}{_sources(mention)}"
    if "text" in mention:
        yield f"  {mention['text']}"


def _listed(values: list[Json | str]) -> str:
    return ", ".join(linked(value) if isinstance(value, dict) else str(value) for value in values)


def _sources(statement: Json) -> str:
    return f" ({'; '.join(map(linked, statement['sources']))})" if statement.get("sources") else ""
