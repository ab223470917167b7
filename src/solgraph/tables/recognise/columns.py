"""Which column of a table holds what: found by its name in six languages, or said by the user or a mapping file.

A mapping file is CSVW metadata (https://www.w3.org/TR/tabular-metadata/): the ``name`` of a column is our field.
"""

import json
import re
from collections.abc import Mapping as Told
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from solgraph.errors import DataError, WrongUse, did_you_mean
from solgraph.rdf.namespaces import SG
from solgraph.rdf.terms import fold
from solgraph.tables.read.sheet import Sheet

FIELDS: dict[str, tuple[str, ...]] = {
    "memberships": tuple("city country network since until role source note status geonames lat long region".split()),
    "cities": tuple("key city country geonames lat long region population source note".split()),
    "networks": tuple("key network short scope country website founded description source note".split()),
    "programmes": tuple("key name city country kind status since until website description source note".split()),
    "collaborations": tuple(
        "key name city country partner programme kind status since until website description source note".split()
    ),
}
_REQUIRED = {"memberships": ("city", "network"), "programmes": ("name", "city"), "collaborations": ("city", "partner")}
_TELLING = {"networks": ("short", "scope", "website", "founded"), "cities": ("population", "geonames", "lat", "long")}
"""Any of these tells a table of networks or cities from one of memberships with a column nobody knows."""
_NAMED = {"cities": "city", "networks": "network", "programmes": "name", "collaborations": "name"}
"""What a column called "name" holds; in a table of memberships it could be anything."""
_CLASSES = dict(zip(FIELDS, "Membership City Network Programme Collaboration".split(), strict=True))
_SYNONYMS = """
key: key, id, identifier, code, slug, clé, identifiant, schlüssel, kennung, chiave, codice, identificativo, clave,
 código, identificador, klucz, identyfikator, kod
city: city, cities, town, municipality, city name, name of city, name of the city, member city, city member,
 municipality name, ville, villes, commune, municipalité, nom de la ville, ville membre, nom de la commune, stadt,
 städte, gemeinde, kommune, ort, stadtname, name der stadt, mitgliedsstadt, mitgliedstadt, mitgliedskommune, città,
 comune, comuni, nome città, nome della città, città membro, municipio, ciudad, ciudades, localidad, ayuntamiento,
 nombre de la ciudad, ciudad miembro, miasto, miasta, gmina, miejscowość, nazwa miasta, miasto członkowskie
country: country, country name, country code, iso, iso code, iso2, nation, pays, code pays, nom du pays, land, länder,
 staat, ländercode, landescode, länderkürzel, paese, nazione, codice paese, país, código de país, código país, kraj,
 państwo, kod kraju
network: network, networks, network name, name of network, name of the network, alliance, réseau, réseaux, nom du
 réseau, netzwerk, netzwerke, netzwerkname, name des netzwerks, bündnis, städtenetzwerk, städtenetz, rete, reti, nome
 della rete, nome rete, alleanza, red, redes, nombre de la red, alianza, sieć, sieci, nazwa sieci, sojusz
since: since, from, start, start year, year start, start date, begin, beginning, joined, join date, joined in, entry,
 year of entry, date of entry, year joined, year of joining, date joined, accession, year of accession, member since,
 membership since, entry year, depuis, du, début, année de début, date de début, adhésion, année d'adhésion, date
 d'adhésion, date d'entrée, année d'entrée, membre depuis, seit, von, ab, beginn, beitritt, beitrittsjahr,
 beitrittsdatum, eintritt, eintrittsjahr, jahr des beitritts, mitglied seit, startjahr, dal, dall, da, inizio, anno
 inizio, anno di inizio, data inizio, data di inizio, adesione, anno adesione, anno di adesione, data di adesione,
 membro dal, ingresso, desde, inicio, año de inicio, fecha de inicio, adhesión, año de adhesión, fecha de adhesión, año
 de ingreso, fecha de ingreso, miembro desde, od, początek, rok początkowy, data rozpoczęcia, rok przystąpienia, data
 przystąpienia, przystąpienie, członek od
until: until, till, to, end, end year, year end, end date, left, exit, year of exit, member until, jusqu'à, jusqu'en,
 au, fin, année de fin, date de fin, sortie, bis, ende, austritt, austrittsjahr, austrittsdatum, endjahr, al, fino al,
 fino a, fine, anno fine, anno di fine, data fine, data di fine, uscita, hasta, año de fin, fecha de fin, salida, baja,
 do, koniec, rok zakończenia, data zakończenia, wystąpienie
role: role, roles, function, membership type, type of membership, member type, rôle, fonction, rolle, funktion,
 mitgliedsart, ruolo, funzione, rol, función, papel, rola, funkcja
source: source, sources, reference, references, evidence, citation, référence, quelle, quellen, beleg, nachweis,
 fundstelle, fonte, fonti, riferimento, fuente, fuentes, referencia, źródło, źródła
note: note, notes, comment, comments, remark, remarks, remarque, remarques, commentaire, commentaires, observations,
 anmerkung, anmerkungen, bemerkung, bemerkungen, kommentar, notiz, notizen, nota, commento, commenti, osservazioni,
 notas, comentario, comentarios, observaciones, uwaga, uwagi, komentarz, notatki
status: status, statut, stand, estado, estatus
geonames: geonames, geonames id, geoname id, geonameid, geonamesid, id geonames
lat: lat, latitude, breite, breitengrad, geographische breite, latitudine, latitud, szerokość geograficzna
long: long, lon, lng, longitude, länge, längengrad, geographische länge, longitudine, longitud, długość geograficzna
region: region, région, bundesland, kanton, province, département, provinz, regione, provincia, región, comunidad
 autónoma, województwo, nuts
population: population, inhabitants, einwohner, einwohnerzahl, bevölkerung, habitants, popolazione, abitanti,
 población, habitantes, ludność, liczba mieszkańców, mieszkańcy
short: short, short name, shortname, acronym, abbreviation, sigle, acronyme, abréviation, nom court, kürzel, kurzname,
 abkürzung, sigla, acronimo, nome breve, siglas, acrónimo, nombre corto, skrót, akronim, skrócona nazwa
scope: scope, level, portée, niveau, échelle, reichweite, ebene, ambito, livello, portata, ámbito, alcance, nivel,
 zasięg, poziom
website: website, web site, web, url, homepage, link, site, site web, site internet, webseite, internetseite, sito,
 sito web, sitio web, página web, enlace, strona, strona internetowa, strona www, www
founded: founded, foundation, founding year, year founded, year of foundation, established, fondé, fondation, année de
 fondation, création, année de création, gegründet, gründung, gründungsjahr, fondata, fondazione, anno di fondazione,
 fundada, fundación, año de fundación, założona, założenie, rok założenia
description: description, summary, abstract, résumé, beschreibung, descrizione, descripción, resumen, opis
kind: kind, type, category, sort, catégorie, genre, art, typ, kategorie, tipo, categoria, tipologia, categoría, rodzaj,
 kategoria
partner: partner, partners, partner organisation, partner organization, partenaire, partenaires, partnerorganisation,
 partner in, partnerzy, socio, socios, partenariato, contraparte
programme: programme, program, project, initiative, programm, projekt, projet, programma, progetto, iniziativa,
 programa, proyecto, iniciativa, inicjatywa
"""
_PROGRAMMES = """programme, program, project, initiative, programme name, project name, programm, projekt, projet,
 nom du programme, nom du projet, programma, progetto, iniziativa, nome del programma, nome del progetto, programa,
 proyecto, iniciativa, inicjatywa"""
_COLLABORATIONS = """collaboration, cooperation, kooperation, zusammenarbeit, coopération, collaborazione, cooperazione,
 colaboración, cooperación, współpraca"""
_OWN_NAMES = {("programmes", "name"): _PROGRAMMES, ("collaborations", "name"): _COLLABORATIONS}
_NAMES = "name, title, label, nom, titre, bezeichnung, titel, nome, titolo, nombre, título, nazwa, tytuł"
_WEAK = {
    "since": "year, jahr, année, anno, año, rok, date, datum, data, fecha",
    "city": """place, member, members, mitglied, mitglieder, membre, membres, membro, membri, miembro, miembros,
 członek, lieu, luogo, lugar""",
}
"""Names that count only where no plainer one is there."""


class Mapping(NamedTuple):
    """The column of each field, by its name in the header; ``unused`` are the columns that hold nothing of ours."""

    kind: str
    columns: dict[str, str]
    unused: list[str]

    def text(self) -> str:
        """For showing it before anything is written."""
        width = max(map(len, self.columns), default=0)
        lines = [f"  {field:<{width}}  ← {column}" for field, column in self.columns.items()]
        unused = ", ".join(column or "(no name)" for column in self.unused)
        return "\n".join([f"A table of {self.kind}:", *lines, *([f"Not used: {unused}"] if unused else [])])


class Stored(NamedTuple):
    """What a mapping file says: the mapping, and in ``dialect`` the arguments of :func:`reading.read` that it fixes."""

    mapping: Mapping
    dialect: dict[str, str]


def recognise(header: Sequence[str], kind: str | None = None, said: Told[str, str] | None = None) -> Mapping:
    """The mapping of a header; ``said`` (of :func:`given`) goes before what the names tell.

    A field that is said to have no column (``since=``) gets none. Raises :class:`WrongUse` when two columns could be
    one field and when a needed field has no column.
    """
    stated = {field: column and _in_header(column, header) for field, column in (said or {}).items()}
    kind = _known_kind(kind) if kind else _kind(header, stated)
    if wrong := [field for field in stated if field not in FIELDS[kind]]:
        raise WrongUse(f"A table of {kind} has no field {wrong[0]!r}.", hint=f"Fields: {', '.join(FIELDS[kind])}")
    free = [column for column in header if column not in stated.values()]
    every = {field: stated[field] if field in stated else _column_of(field, free, kind) for field in FIELDS[kind]}
    return _mapping(kind, {field: column for field, column in every.items() if column}, header)


def fitted(mapping: Mapping, header: Sequence[str]) -> Mapping:
    """A mapping from a file, checked against the header of the table at hand; nothing else is recognised."""
    return _mapping(mapping.kind, {field: _in_header(name, header) for field, name in mapping.columns.items()}, header)


def _mapping(kind: str, columns: dict[str, str], header: Sequence[str]) -> Mapping:
    unused = [column for column in header if column not in columns.values()]
    for field in _REQUIRED.get(kind) or (_NAMED[kind],):
        if field not in columns:
            raise _missing(field, kind, header, unused)
    for field, column in columns.items():
        if header.count(column) > 1:
            what = f"Two columns are called {column!r}, which is the {field}."
            raise WrongUse(what, hint="Give one of them another name in the table.")
        if other := next((one for one in columns if one != field and columns[one] == column), None):
            raise WrongUse(f"The column {column!r} cannot be both the {field} and the {other}.")
    return Mapping(kind, columns, unused)


def _missing(field: str, kind: str, header: Sequence[str], unused: Sequence[str]) -> WrongUse:
    example = next((column for column in unused if column.strip()), "COLUMN")
    shown = ", ".join(map(_quoted, header[:40])) + (" …" if len(header) > 40 else "")
    others = ", ".join(other for other in FIELDS if other != kind)
    return WrongUse(
        f"No column of this table of {kind} is known as the {field}. Columns: {shown}",
        hint=f"Say which one it is: {_option(field, example)}\nFor another kind of table say --kind ({others}).",
    )


def _column_of(field: str, header: Sequence[str], kind: str) -> str:
    """The one column that is called so, or nothing; weak names only when there is no other."""
    called = [(name, *_meant(name, kind)) for name in header]
    for weak in (False, True):
        found = [name for name, meant, is_weak in called if meant == field and is_weak == weak]
        if len(set(found)) > 1:
            options = "\nor ".join(_option(field, name) for name in found)
            shown = " and ".join(map(_quoted, found))
            raise WrongUse(f"{len(found)} columns could be the {field}: {shown}.", hint=f"Say which one: {options}")
        if found:
            return found[0]
    return ""


def _meant(column: str, kind: str) -> tuple[str, bool]:
    """The field that the name of a column means, and whether it is a weak name; ``("", False)`` for none.

    ``Ville / City`` and ``Since (if known)`` are understood by their parts, ``cityName`` by its words.
    """
    names = _dictionary(kind)
    for name in (column, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)):
        if fold(name) in names:
            return names[fold(name)]
    meant = {names[fold(part)] for part in re.split(r"[/|()\[\],;:\n]", column) if fold(part) in names}
    return meant.pop() if len({field for field, _ in meant}) == 1 else ("", False)


@cache
def _dictionary(kind: str) -> dict[str, tuple[str, bool]]:
    """Folded name → field and whether the name is weak."""
    texts = dict(line.split(": ", 1) for line in _SYNONYMS.strip().replace("\n ", " ").splitlines())
    weak = _WEAK | ({_NAMED[kind]: _NAMES} if kind in _NAMED else {})
    found = {fold(name): (field, True) for field, names in weak.items() for name in names.split(",")}
    for field in FIELDS[kind]:
        own = _OWN_NAMES.get((kind, field)) or texts[field]
        found |= {fold(name): (field, False) for name in own.split(",")}
    return found


def _known_kind(kind: str) -> str:
    if kind not in FIELDS:
        hint = did_you_mean(kind, FIELDS) or f"Kinds: {', '.join(FIELDS)}"
        raise WrongUse(f"There are no tables of {kind!r}.", hint=hint)
    return kind


def _kind(header: Sequence[str], stated: Told[str, str]) -> str:
    """The kind of table whose own columns are there; memberships when that is open, which then asks for them."""

    def has(kind: str, *fields: str, weakly: bool = False) -> bool:
        known = {field for field, weak in (_meant(name, kind) for name in header) if weakly or not weak}
        return {*known, *stated}.issuperset(fields)

    lasting = any(has("memberships", field, weakly=True) for field in ("since", "until", "role"))
    rules = {
        "collaborations": has("collaborations", "partner", "city"),
        "memberships": has("memberships", "network") and has("memberships", "city", weakly=True),
        "programmes": has("programmes", "name", "city"),
        "networks": has("networks", "network") and any(map(partial(has, "networks"), _TELLING["networks"])),
        "cities": not lasting and has("cities", "city") and any(map(partial(has, "cities"), _TELLING["cities"])),
    }
    return next((kind for kind, holds in rules.items() if holds), "memberships")


def _in_header(column: str, header: Sequence[str]) -> str:
    """The column as the header spells it."""
    if column in header:
        return column
    alike = [name for name in header if fold(name) == fold(column) and fold(column)]
    if len(alike) == 1:
        return alike[0]
    hint = did_you_mean(column, header) or f"Columns: {', '.join(map(_quoted, header[:40]))}"
    raise WrongUse(f"The table has no column {column!r}.", hint=hint)


# --map on the command line

_PAIR = re.compile(r"""\s*(?P<field>[^=,"]*?)\s*=\s*(?P<column>"(?:[^"]|"")*"|[^,"]*)\s*(?:,|$)""")


def given(text: str) -> dict[str, str]:
    """What ``--map 'city=Ville,network=Réseau,since="Start year"'`` says; a quotation mark inside is doubled."""
    said: dict[str, str] = {}
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if not pair:
            hint = "Write field=column with commas between: --map 'city=Ville,since=\"Start year\"'"
            raise WrongUse(f"--map cannot be read from {text[at : at + 60]!r} on.", hint=hint)
        field, at = _known_field(pair["field"]), pair.end()
        if field in said:
            raise WrongUse(f"--map names {field!r} twice.")
        said[field] = _unquoted(pair["column"])
    return said


def _known_field(name: str) -> str:
    every = dict.fromkeys(field for fields in FIELDS.values() for field in fields)
    if name.lower() not in every:
        raise WrongUse(f"There is no field {name!r}.", hint=did_you_mean(name, every) or f"Fields: {', '.join(every)}")
    return name.lower()


def _unquoted(column: str) -> str:
    return column[1:-1].replace('""', '"') if column.startswith('"') else column.strip()


def _quoted(column: str) -> str:
    return column if re.fullmatch(r"[\w.-]+", column) else '"' + column.replace('"', '""') + '"'


def _option(field: str, column: str) -> str:
    """The option to write, quoted for a shell."""
    pair = f"{field}={_quoted(column)}"
    return f"--map {pair}" if re.fullmatch(r"[\w=.-]+", pair) else "--map '" + pair.replace("'", "'\\''") + "'"


_CONTEXT = "http://www.w3.org/ns/csvw"
_LABELS = {"cp1252": "windows-1252", "cp1250": "windows-1250", "iso8859-2": "iso-8859-2", "utf-8-sig": "utf-8"}
"""Encodings by the names of the web, where Python has others."""
_FIXED = {"quoteChar": '"', "doubleQuote": True, "header": True, "headerRowCount": 1, "skipRows": 0, "skipColumns": 0}


def save(mapping: Mapping, sheet: Sheet) -> str:
    """The mapping as CSVW metadata, which other tools read too; the class of the rows tells the kind of table."""
    fields = {column: field for field, column in mapping.columns.items()}
    columns = [_described(number, name, fields.get(name)) for number, name in enumerate(sheet.header, 1)]
    row = {"virtual": True, "propertyUrl": "rdf:type", "valueUrl": SG + _CLASSES[mapping.kind]}
    known: dict[str, Any] = {"@context": _CONTEXT, "url": sheet.path.name}
    if sheet.told["format"] == "csv":
        encoding, delimiter = sheet.told["encoding"], sheet.told["delimiter"]
        known["dialect"] = {
            "encoding": _LABELS.get(encoding, encoding),
            "delimiter": "\t" if delimiter == "tab" else delimiter,
            "commentPrefix": None,
        }
    elif "sheet" in sheet.told:
        known["dc:title"] = sheet.told["sheet"]
    known["tableSchema"] = {"columns": [*columns, row]}
    return json.dumps(known, ensure_ascii=False, indent=2) + "\n"


def _described(number: int, title: str, field: str | None) -> dict[str, Any]:
    named = {"titles": title} if title else {}
    return {"name": field, **named} if field else {"name": f"column_{number}", **named, "suppressOutput": True}


def load(path: Path) -> Stored:
    """The mapping of a file of CSVW metadata, written by :func:`save` or by hand.

    Raises :class:`WrongUse` when there is no such file and :class:`DataError` when it says what cannot be followed.
    """
    try:
        table = _one_table(json.loads(path.read_text("utf-8-sig")))
        columns, kind = _columns(table)
        return Stored(Mapping(kind, columns, []), _dialect(table))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.", hint="Give a mapping file.") from error
    except json.JSONDecodeError as error:
        raise DataError(f"is no JSON: {error.msg}.", where=f"{path}:{error.lineno}:{error.colno}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataError("is no JSON in UTF-8.", where=str(path)) from error
    except DataError as error:
        raise DataError(error.what, where=str(path), hint=error.hint) from error


def _one_table(metadata: Any) -> dict[str, Any]:
    context = _typed(metadata, dict, "the file").get("@context")
    if _CONTEXT not in (context, *(context if isinstance(context, list) else [])):
        raise DataError("is no CSVW metadata.", hint=f'It begins {{"@context": "{_CONTEXT}", …')
    tables = _typed(metadata.get("tables", [metadata]), list, "tables")
    if len(tables) != 1:
        raise DataError(f"describes {len(tables)} tables.", hint="Give each table a file of its own.")
    own = {key: metadata[key] for key in ("dialect", "tableSchema") if key in metadata}
    table: dict[str, Any] = own | _typed(tables[0], dict, "the table")
    return table


def _typed(value: Any, wanted: type, name: str) -> Any:
    if not isinstance(value, wanted):
        kind = {"dict": "an object", "list": "a list"}.get(wanted.__name__, "a text")
        raise DataError(f"{name} is not {kind}.")
    return value


def _columns(table: dict[str, Any]) -> tuple[dict[str, str], str]:
    schema = _typed(table.get("tableSchema"), dict, "tableSchema")
    every = [_typed(one, dict, "a column") for one in _typed(schema.get("columns"), list, "tableSchema.columns")]
    columns: dict[str, str] = {}
    for one in every:
        if not one.get("virtual") and not one.get("suppressOutput"):
            name = _typed(one.get("name"), str, "the name of a column")
            if name in columns:
                raise DataError(f"has two columns of the name {name!r}.")
            columns[name] = _title(one.get("titles", name), name)
    kind = _kind_of_rows(every) or _kind([], columns)
    for name in columns:
        if name not in FIELDS[kind]:
            hint = did_you_mean(name, FIELDS[kind]) or 'For a column that is not used say "suppressOutput": true.'
            raise DataError(f"names a column {name!r}, which no table of {kind} has.", hint=hint)
    return columns, kind


def _title(titles: Any, name: str) -> str:
    """The first title: CSVW allows a text, a list, or either by language."""
    while isinstance(titles, dict | list) and titles:
        titles = next(iter(titles.values())) if isinstance(titles, dict) else titles[0]
    return str(_typed(titles, str, f"titles of {name!r}"))


def _kind_of_rows(columns: Sequence[dict[str, Any]]) -> str:
    classes = [one.get("valueUrl") for one in columns if one.get("propertyUrl") == "rdf:type"]
    kinds = [kind for kind, name in _CLASSES.items() if classes and classes[0] in (SG + name, f"sg:{name}")]
    if classes and not kinds:
        raise DataError(f"says that the rows are {classes[0]!r}.", hint=f"Known: {SG}{{{','.join(_CLASSES.values())}}}")
    return kinds[0] if kinds else ""


def _dialect(table: dict[str, Any]) -> dict[str, str]:
    dialect = _typed(table.get("dialect", {}), dict, "dialect")
    for key, value in _FIXED.items():
        if dialect.get(key, value) != value:
            raise DataError(f"says {key} {dialect[key]!r}, which cannot be followed.", hint=f"Known: {value!r}")
    found = {key: _typed(dialect[key], str, key) for key in ("encoding", "delimiter") if key in dialect}
    title = table.get("dc:title")
    return found | ({"sheet": _typed(title, str, "dc:title")} if title and not found else {})
