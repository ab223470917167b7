"""What a page is about in the words of schema.org, as JSON-LD in its head, which search engines read.

It is a summary: long lists are cut, and what schema.org has no word for is left out. The forms of the data hold it all.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode

from solgraph.formats.media import RDF
from solgraph.graph.description import Description
from solgraph.graph.facts import Mention
from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import ID, PREFIXES, SG, slug
from solgraph.rdf.terms import Term
from solgraph.web.catalogue_rdf import DATASET, LICENCE, TITLE

#: Properties whose values are addresses.
_ADDRESSES = ("url", "sameAs", "license", "contentUrl", "mainEntityOfPage")
#: Class → its type at schema.org. What has none gets no description here.
_TYPES = {
    "City": "City",
    "Person": "Person",
    "PublicBody": "GovernmentOrganization",
    "CivilSocietyOrganisation": "NGO",
    "InternationalOrganisation": "Organization",
    "Network": "Organization",
    "Organisation": "Organization",
}
_MOST, _LONGEST = 10, 300
Fields = dict[str, Any]


def thing(described: Description, page: str) -> Markup:
    """A city, organisation or person; nothing for other things. ``page`` is the address of the page."""
    kinds = [slug(iri) for iri in described.classes if iri.startswith(SG) and slug(iri) in _TYPES]
    if not kinds:
        return Markup()
    return _script({
        "@type": _TYPES[kinds[0]],
        "@id": described.iri,
        "mainEntityOfPage": page,
        "name": described.label,
        "alternateName": [name for name, _ in described.names],
        "description": [_shortened(text) for text, *_ in described.summary[:1]],
        "sameAs": [iri for iri in map(value_of, _values(described, "schema:sameAs")) if iri.startswith("http")],
        "url": [address for address in map(value_of, _values(described, "schema:url")) if address.startswith("http")],
        **(_of_place(described) if kinds[0] == "City" else _of_agent(described)),
    })  # fmt: skip


def _of_place(described: Description) -> Fields:
    lat, long = described.number("geo:lat"), described.number("geo:long")
    point = {"@type": "GeoCoordinates", "latitude": lat, "longitude": long}
    return {
        "geo": point if lat is not None and long is not None else [],
        "containedInPlace": _places(described, "sg:locatedIn"),
    }


def _of_agent(described: Description) -> Fields:
    terms = described.mentions.get(SG + "OfficeTerm", [])
    return {
        "areaServed": _places(described, "sg:activeIn"),
        "hasOccupation": [_office(described, term) for term in terms if "Person" in map(slug, described.classes)],
    }


def _office(described: Description, term: Mention) -> Fields:
    """A term in office as schema.org puts it: a role with its dates between the person and the occupation."""
    offices = [described.shown(detail) for detail in term.details if value_of(detail).startswith(PREFIXES["role"])]
    cities = [iri for iri in term.ends if iri.startswith(PREFIXES["city"])]
    occupation = {"@type": "Occupation", "name": offices[:1], "occupationLocation": _named(described, cities)}
    return {"@type": "Role", "hasOccupation": occupation, "startDate": term.span.start, "endDate": term.span.end}


def _places(described: Description, name: str) -> list[Fields]:
    return _named(described, map(value_of, _values(described, name)))


def _named(described: Description, places: Iterable[str]) -> list[Fields]:
    kinds = {iri: {slug(kind) for kind in described.snapshot.types.get(iri, [])} for iri in places}
    return [
        {
            "@type": "City" if "City" in classes else "Country" if "Country" in classes else "Place",
            "@id": iri,
            "name": described.shown(NamedNode(iri)),
        }
        for iri, classes in kinds.items()
    ]


def _values(described: Description, name: str) -> list[Term]:
    prefix, _, local = name.partition(":")
    by = PREFIXES[prefix] + local
    return list(dict.fromkeys(value for fact in described.facts if fact.property == by for value in fact.values))


def dataset(root: str, description: str, version: str, dumps: Mapping[str, str]) -> Markup:
    """The whole graph for the home page; ``dumps`` maps the ending of each dump to its address."""
    types = {form.endings[0]: form.media_types[0] for form in RDF}
    return _script({
        "@type": "Dataset",
        "@id": DATASET,
        "url": root,
        "name": TITLE,
        "description": description,
        "license": LICENCE,
        "version": version,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "@id": ID + "project", "name": "solgraph project"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": types[ending], "contentUrl": address}
            for ending, address in dumps.items()
        ],
    })  # fmt: skip


def _script(fields: Fields) -> Markup:
    """JSON that can stand in a script element: no text of the data can end it. Nothing is fetched to read it."""
    text = json.dumps(_filled(fields), ensure_ascii=False, separators=(",", ":"))
    addresses = {key: {"@type": "@id"} for key in _ADDRESSES if f'"{key}":' in text}
    context = json.dumps({"@vocab": PREFIXES["schema"], **addresses}, separators=(",", ":"))
    return Markup(f'{{"@context":{context},{text[1:]}'.replace("<", "\\u003c"))


def _filled(fields: Fields) -> Fields:
    """The fields that have a value; of long lists the beginning, and of lists of one the value itself."""
    cut = {name: value[:_MOST] if isinstance(value, list) else value for name, value in fields.items()}
    alone = {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in cut.items()}
    return {name: _inner(value) for name, value in alone.items() if value not in ([], "")}


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return _filled(value)
    return [_inner(item) for item in value] if isinstance(value, list) else value


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
