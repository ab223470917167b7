"""One page about a city, in sentences and short lists with numbered sources: what an officer hands to her mayor."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse
from solgraph.formats import media
from solgraph.formats.pages import Line, Page, Section
from solgraph.graph.answer import Answer
from solgraph.graph.brief_words import Words
from solgraph.graph.citation import DATA_SET, data_version, source_items
from solgraph.graph.snapshot import value_of
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import slug

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

Row = dict[str, Any]

#: As many lines as one page holds besides networks and sources.
_MOST_NETWORKS, _MOST_PROGRAMMES, _MOST_FINDINGS, _MOST_NUMBERS, _MOST_UNCLEAR = 16, 5, 5, 3, 2
#: Every four sources of networks take the room of a programme and a finding.
_SOURCES_PER_LINE = 4
_SPAN = """OPTIONAL { ?it sg:startDate ?start } OPTIONAL { ?it sg:endDate ?end } OPTIONAL { ?it sg:ongoingAsOf ?asof }
  OPTIONAL { ?it sg:notBefore ?before } OPTIONAL { ?it sg:notAfter ?after }"""
_OFFICES = """SELECT DISTINCT ?it ?person ?role ?start ?end ?asof ?before ?after ?source {
  ?it a sg:OfficeTerm ; org:organization %(city)s ; org:member ?person ; org:role ?role ; sg:evidence ?source .
  %(span)s
} ORDER BY (IF(?role = role:mayor, 0, 1)) ?start ?end ?person ?source"""
_INITIATIVES = """SELECT DISTINCT ?it ?status ?text ?theme ?start ?end ?asof ?before ?after
  ?whole ?mentions ?issued ?source {
  ?it sg:inCity %(city)s ; a/rdfs:subClassOf* sg:Initiative ; sg:evidence ?source .
  FILTER NOT EXISTS { ?it sg:unnamed true } FILTER NOT EXISTS { ?it sg:facetOf ?other }
  { SELECT ?it (COUNT(DISTINCT ?thing) AS ?mentions) { ?it sg:inCity %(city)s . ?thing ?points ?it } GROUP BY ?it }
  OPTIONAL { ?it sg:status ?status } OPTIONAL { ?it dcterms:description ?text } OPTIONAL { ?it sg:theme ?theme }
  OPTIONAL { ?it sg:partOf ?whole . ?whole sg:inCity %(city)s }
  OPTIONAL { ?source oa:hasSource ?document . ?document dcterms:issued ?issued }
  %(span)s
} ORDER BY DESC(?mentions) ?it ?theme ?source"""
_COUNTRY = "SELECT ?country { %(city)s sg:locatedIn+ ?country . ?country a sg:Country }"
_PLACES = "SELECT ?passage ?source ?page { ?passage oa:hasSource ?source OPTIONAL { ?passage sg:page ?page } }"
_TRANSLATIONS = "SELECT ?source { ?source dcterms:isVersionOf ?other }"
#: Roles in networks, the closest tie first, as a line begins; affiliations are no memberships.
_TIES = {
    "member": "leader founding-member member organiser network-initiator coordinator",
    "signed": "founding-signatory signatory",
    "partner": "partner-in-network",
    "without": "candidate former-member observer participant affiliate",
}
_PLAIN = {"", "member", "signatory", "partner-in-network"}
_ROLES = [role for roles in _TIES.values() for role in roles.split()]
#: Findings that a mayor wants to know, in this order; at most two of one kind.
_KINDS = (
    "approach success-factor outcome recognition criticism stumbling-block challenge learning profile claim "
    "innovative-idea example".split()
)


class Brief:
    """The page about one city, and the forms in which it is written.

    >>> kg.brief("Tilos").page.title
    'Tilos (Greece): a brief'
    """

    def __init__(self, kg: "Knowledge", city: str) -> None:
        self._kg, self._city, self._words = kg, city, Words(kg.languages)
        self._sources = _Sources(kg, self._words)
        opening = self._opening()
        sections = [self._offices(), self._networks(), self._programmes(), self._findings(), self._numbers()]
        silent = Section(self._words("unclear"), [*self._silence(sections), *self._unclear()])
        country = self._ask(_COUNTRY)
        place = f" ({_label(country, 'country')(country.to_dicts()[0])})" if len(country) else ""
        self.page = Page(
            title=self._words("title", city=f"{kg.label(city)}{place}"),
            sections=[*(section for section in sections if section.lines), silent],
            sources=self._sources.lines(),
            footer=self._words("made", date=self._words.date(_today()), dataset=DATA_SET, version=data_version(kg)),
            language=self._words.language,
            sources_heading=self._words("sources"),
            opening=opening,
        )

    def text(self, format: str | None = None, *, path: Path | None = None) -> str:
        """The page as Markdown or HTML, or in the form of the file's ending.

        >>> print(kg.brief("Tilos").text().splitlines()[4])
        ## Who governs
        """
        content = self._written(format, path)
        if isinstance(content, bytes):
            raise WrongUse("A Word document needs a file.", hint='Name it: brief.write("brief.docx")')
        return content

    def write(self, path: str | Path, format: str | None = None) -> None:
        """Write it to a file, whole or not at all; the form follows from the ending unless named.

        >>> kg.brief("Tilos").write("tilos.html")
        """
        write_whole(Path(path), media.encoded(self._written(format, Path(path)), Path(path)))

    def _written(self, format: str | None, path: Path | None) -> str | bytes:
        return media.choose(media.PAGES, format, path, what="A brief").write(self.page)

    def __str__(self) -> str:
        return self.text()

    def _ask(self, query: str) -> Answer:
        return self._kg.sparql(query % {"city": f"<{self._city}>", "span": _SPAN})

    def _opening(self) -> str:
        """What introduces the city in the language of the reader, with its sources; nothing if nothing does."""
        city = self._kg.describe(self._city)
        documents = {document for *_, sources in city.summary for document in sources}
        passages = (passage for passage in city.evidence if self._sources.document(passage) in documents)
        return " ".join(text for text, *_ in city.summary) + self._sources.marks(passages, 2)

    def _offices(self) -> Section:
        answer = self._ask(_OFFICES)
        self._has_mayor = any(slug(row["role"]) == "mayor" for row in answer.to_dicts())
        lines = []
        for rows in _grouped(answer, "person", "role"):
            spans = dict.fromkeys(self._words.span(row) or self._words("undated") for row in rows)
            office = self._words.within(_label(answer, "role")(rows[0]))
            text = f"{office}, {self._words.listed(list(spans))}{self._marks(rows)}"
            lines.append(Line(text, f"{_label(answer, 'person')(rows[0])},"))
        return Section(self._words("governs"), lines)

    def _networks(self) -> Section:
        answer = self._kg.query("networks-of-city", gathered=False, city=self._city)
        networks = sorted(_grouped(answer, "network"), key=lambda rows: list(_TIES).index(_tie(rows)))
        by_tie: dict[str, list[list[Row]]] = {}
        for rows in networks[:_MOST_NETWORKS]:
            by_tie.setdefault(_tie(rows), []).append(rows)
        lines = [self._tied(answer, tie, tied) for tie, tied in by_tie.items()]
        self._named_for_networks = len(self._sources)
        return Section(self._words("networks"), lines, self._rest(networks, _MOST_NETWORKS))

    def _room(self, most: int) -> int:
        """How many lines of a section fit on the page, beside the sources of the networks."""
        return max(2, most - self._named_for_networks // _SOURCES_PER_LINE)

    def _tied(self, answer: Answer, tie: str, networks: Iterable[list[Row]]) -> Line:
        entries = (f"{_label(answer, 'network')(rows[0])} {self._roles(answer, rows)}" for rows in networks)
        return Line("; ".join(entries), f"{self._words(tie)}:")

    def _roles(self, answer: Answer, rows: Sequence[Row]) -> str:
        """The roles in a network with their years, each with a source that says so, the closest first."""
        roles = self._shown_roles(rows)
        is_only = len(roles) == 1
        texts = [self._role(answer, role, years, saying, is_only=is_only) for role, years, saying in roles]
        marks = [self._marks(saying, most=1) for _, _, saying in roles]
        if is_only:
            return f"{f'({texts[0]})' if texts[0] else ''}{marks[0]}".strip()
        return f"({', '.join(text + mark for text, mark in zip(texts, marks, strict=True))})"

    def _shown_roles(self, rows: Sequence[Row]) -> list[tuple[str, str, Sequence[Row]]]:
        """Each role with its years and the rows that say so.

        Being a member goes without saying where a closer role is dated alike, or where nothing says when; and a member
        is no candidate or guest any more.
        """
        by_role: dict[str, list[Row]] = {}
        for row in sorted(rows, key=lambda row: _role_rank(slug(row["role"] or ""))):
            by_role.setdefault(row["role"] or "", []).append(row)
        is_member = slug(next(iter(by_role))) not in _TIES["without"].split()
        shown: list[tuple[str, str, Sequence[Row]]] = []
        for role, of_role in by_role.items():
            years, saying = self._years(role, of_role)
            is_said = slug(role) in _PLAIN and years in ("", *(years for _, years, _ in shown))
            is_past = is_member and slug(role) in _TIES["without"].split() and slug(role) != "former-member"
            if not shown or not (is_said or is_past):
                shown.append((role, years, saying))
        return shown

    def _role(self, answer: Answer, role: str, years: str, saying: Sequence[Row], *, is_only: bool) -> str:
        """A role with its years; an only role that the line names needs no word."""
        through = dict.fromkeys(filter(None, map(_label(answer, "through"), saying)))
        words = [
            "" if is_only and slug(role) in _PLAIN else self._role_name(answer, role),
            years,
            self._words("through", names=self._words.listed(list(through))) if through else "",
        ]
        return " ".join(filter(None, words))

    def _role_name(self, answer: Answer, role: str) -> str:
        return self._words.within(answer.label(role)) if role else self._words("plain-member")

    def _years(self, role: str, rows: Sequence[Row]) -> tuple[str, Sequence[Row]]:
        """The last span that sources state for a role, or else the last year in which one shows it; and who says so."""
        start, end = _last_span(rows)
        if start or end:
            saying = [row for row in rows if (end and row["until"] == end) or (not end and row["since"] == start)]
            signed = str(start)[:4] if "signatory" in role and start and not end else ""
            return signed or self._words.span({"start": start, "end": end}), saying
        seen = max((row["active"] or 0 for row in rows), default=0)
        return self._words("in", year=seen) if seen else "", [row for row in rows if (row["active"] or 0) == seen]

    def _programmes(self) -> Section:
        answer = self._ask(_INITIATIVES)
        initiatives = [rows for rows in _grouped(answer, "it") if not rows[0]["whole"]]
        most = self._room(_MOST_PROGRAMMES)
        chosen = sorted(initiatives[:most], key=lambda rows: rows[0]["theme"] or "~")
        lines = []
        for rows in chosen:
            first = rows[0]
            about = "; ".join(
                filter(None, (_label(answer, "theme")(first), self._status(answer, rows), self._words.span(first)))
            )
            text = f"({about}). {first['text'] or ''}".strip()
            lines.append(Line(f"{text}{self._marks(rows)}", _label(answer, "it")(first)))
        return Section(self._words("programmes"), lines, self._rest(initiatives, most))

    def _status(self, answer: Answer, rows: Sequence[Row]) -> str:
        """The status in words; what runs does so as of the last source that says it, unless that has no date."""
        row = rows[0]
        status = row["status"] or ""
        if slug(status) != "running" or row["end"] or row["asof"]:
            return self._words("unknown-status") if slug(status) == "unknown" else answer.label(status).lower()
        issued = max(
            (str(each["issued"])[:4] for each in rows if each["status"] == status and each["issued"]), default=""
        )
        asof = self._words("as-of", year=issued) if issued else self._words("undated-source")
        return f"{answer.label(status).lower()}, {asof}"

    def _findings(self) -> Section:
        answer = self._kg.query("findings-about", gathered=False, thing=self._city)
        ranked = []
        for rows in _grouped(answer, "finding"):
            kinds = [slug(row["kind"]) for row in rows if slug(row["kind"]) in _KINDS]
            if kinds:
                ranked.append((min(map(_KINDS.index, kinds)), rows))
        ranked.sort(key=lambda pair: pair[0])
        first_two = [pair for i, pair in enumerate(ranked) if i < 2 or ranked[i - 2][0] != pair[0]]
        lines = []
        for _, rows in first_two[: self._room(_MOST_FINDINGS)]:
            views = dict.fromkeys(filter(None, map(_label(answer, "view"), rows)))
            view = f" {self._words('view', names=self._words.listed(list(views)))}" if views else ""
            text = f"{rows[0]['text'] or ''}{view}{self._marks(rows)}".strip()
            lines.append(Line(text, f"{_label(answer, 'finding')(rows[0]).rstrip('.')}."))
        rest = self._rest(ranked, len(lines))
        return Section(self._words("findings"), lines, f"{rest} {self._words('own-view')}".strip())

    def _numbers(self) -> Section:
        answer = self._kg.query("numbers-about", gathered=False, thing=self._city)
        numbers, lines = _grouped(answer, "what"), []
        numbers.sort(key=lambda rows: (rows[0]["about"] != self._city, -rows[0]["number"]))
        for rows in numbers[:_MOST_NUMBERS]:
            first = rows[0]
            precision = "" if slug(first["precision"]) == "exact" else f"{_label(answer, 'precision')(first).lower()} "
            what, thing = _label(answer, "what")(first), _label(answer, "about")(first)
            thing = "" if first["about"] == self._city or thing.casefold() in what.casefold() else f" ({thing})"
            year = f" {self._words('in', year=first['since'])}" if first["since"] else ""
            count = f"{precision}{self._words.number(first['number'])}{year}"
            lines.append(Line(f"{count}{self._marks(rows)}", f"{what[:1].upper()}{what[1:]}{thing}:"))
        return Section(self._words("numbers"), lines, self._rest(numbers, _MOST_NUMBERS))

    def _rest(self, things: Sequence[Any], shown: int) -> str:
        more = len(things) - shown
        return self._words("rest", count=more) if more > 0 else ""

    def _silence(self, sections: Sequence[Section]) -> Iterator[Line]:
        nothing = [self._words.within(section.heading) for section in sections[1:] if not section.lines]
        if not self._has_mayor:
            yield Line(self._words("no-mayor"))
        if nothing:
            yield Line(self._words("nothing", what=", ".join(nothing)))
        yield Line(self._words("silence"))

    def _unclear(self) -> Iterator[Line]:
        answer = self._kg.query("findings-about", gathered=False, thing=self._city, kind="finding-kind:unclear")
        for rows in _grouped(answer, "finding")[:_MOST_UNCLEAR]:
            yield Line(f"{_label(answer, 'finding')(rows[0])}.{self._marks(rows)}")

    def _marks(self, rows: Iterable[Row], most: int = 2) -> str:
        return self._sources.marks([row["source"] for row in rows], most)


class _Sources:
    """The documents of a page, numbered in the order in which they are first named."""

    def __init__(self, kg: "Knowledge", words: Words) -> None:
        self._kg, self._words = kg, words
        self._numbers: dict[str, int] = {}
        self._translations = {value_of(source) for (source,) in kg.snapshot.ask(_TRANSLATIONS).terms}
        self._places = {
            value_of(passage): (value_of(source), page) for passage, source, page in kg.snapshot.ask(_PLACES).terms
        }

    def marks(self, passages: Iterable[str], most: int) -> str:
        """The numbers of the documents of passages, with pages where there are any: `` [1, p. 9] [4]``.

        Of more documents than ``most``, those that were named before are taken first, and translations last.
        """
        pages: dict[str, dict[str, None]] = {}
        for passage in passages:
            source, page = self._places[passage]
            pages.setdefault(source, {}).update({value_of(page): None} if page else {})
        unnamed = len(self._numbers) + 1
        ranks = {source: (source in self._translations, self._numbers.get(source, unnamed)) for source in pages}
        chosen = sorted(pages, key=ranks.__getitem__)[:most]
        marks = (
            ", ".join([str(self._number(source)), *(self._words("page", page=page) for page in pages[source])])
            for source in chosen
        )
        return "".join(f" [{mark}]" for mark in marks)

    def document(self, passage: str) -> str:
        """The document of a passage."""
        return self._places[passage][0]

    def __len__(self) -> int:
        return len(self._numbers)

    def _number(self, source: str) -> int:
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def lines(self) -> list[tuple[str, str]]:
        """Each document in words, and its address if it has one."""
        items = source_items(self._kg.snapshot, self._numbers, self._kg.languages) if self._numbers else {}
        return [(self._words.source(items[source]), items[source].get("URL", "")) for source in self._numbers]


def _label(answer: Answer, column: str) -> Any:
    """What gives the label of a row's value in a column, or nothing."""
    return lambda row: answer.label(row[column]) if row[column] else ""


def _grouped(answer: Answer, *columns: str) -> list[list[Row]]:
    """The rows that have the same things in some columns, in the order of the answer."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in answer.to_dicts():
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return list(groups.values())


def _today() -> list[int]:
    today = date.today()
    return [today.year, today.month, today.day]


def _role_rank(role: str) -> int:
    return _ROLES.index(role) if role in _ROLES else len(_ROLES)


def _tie(rows: Iterable[Row]) -> str:
    """The line on which a network stands: that of its closest tie, unless a source says that it is over."""
    closest, *others = sorted({slug(row["role"] or "member") for row in rows}, key=_role_rank)
    closest = "former-member" if "former-member" in others else closest
    return next((tie for tie, names in _TIES.items() if closest in names.split()), list(_TIES)[-1])


def _last_span(rows: Sequence[Row]) -> tuple[int | None, int | None]:
    """The latest end that sources state for a role with its beginning, or a beginning after which nothing ended."""
    end = max((row["until"] for row in rows if row["until"]), default=None)
    open_ones = [row["since"] for row in rows if row["since"] and not row["until"]]
    if end is None or any(since > end for since in open_ones):
        return min((since for since in open_ones if end is None or since > end), default=None), None
    own = [row["since"] for row in rows if row["until"] == end and row["since"]]
    return min(own or open_ones, default=None), end
