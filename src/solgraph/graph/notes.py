"""The notes of an answer: what the sources leave unclear about it, where a list says no, and where they are silent."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from solgraph.formats.rows import Note
from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.rdf.namespaces import ID, VOCAB

if TYPE_CHECKING:
    from solgraph.graph.answer import Answer
    from solgraph.graph.knowledge import Knowledge

#: What holds of a place does not concern every row in which the place stands, only answers about it.
PLACES = tuple(f"{ID}{kind}/" for kind in ("city", "country", "region", "neighbourhood", "place"))
#: Nothing is unclear about these, of which an answer may hold very many.
NEVER_UNCLEAR = (f"{ID}passage/", f"{ID}source/", f"{ID}finding/", VOCAB)
UNCLEAR = """SELECT DISTINCT ?finding ?thing ?source
{{ VALUES ?thing {{ {things} }}
  ?finding sg:about ?thing ; sg:findingKind <https://w3id.org/solgraph/vocab/finding-kind/unclear>
  FILTER NOT EXISTS {{ ?finding sg:sameStatementAs ?first }}
  {{ ?finding sg:evidence ?source }} UNION {{ ?repeat sg:sameStatementAs ?finding . ?repeat sg:evidence ?source }} }}
ORDER BY ?finding ?source ?thing"""

#: Sentences by language, with the names in braces that :class:`_Notes` fills in.
SENTENCES = {
    "en": {
        "unclear": "Unclear: {point} ({sources})",
        "silence": "The sources are silent: an empty answer does not mean no.",
        "complete": "Complete list{date}, {listed} members ({sources}): a city that it does not name was not a member.",
        "incomplete": "There is no complete list of {network} here: a city that is missing may still be a member.",
        "absent": "No{date}: the complete list of {network}, {listed} members, does not name {city} ({sources}){more}.",
        "others": "About all other networks the sources are silent.",
        "date": " as of {date}",
        "more": "; other complete lists that do not name it: {count}",
    },
    "de": {
        "unclear": "Unklar: {point} ({sources})",
        "silence": "Die Quellen schweigen: Dass es keine Zeile gibt, ist kein Nein.",
        "complete": "Vollständige Liste{date}, {listed} Mitglieder ({sources}): Wer dort fehlt, war kein Mitglied.",
        "incomplete": "Von {network} gibt es hier keine vollständige Liste: Eine Stadt, die fehlt, kann Mitglied sein.",
        "absent": "Nein{date}: Die vollständige Liste von {network}, {listed} Mitglieder, nennt {city} nicht "
        "({sources}){more}.",
        "others": "Zu allen anderen Netzwerken schweigen die Quellen.",
        "date": " (Stand: {date})",
        "more": "; weitere vollständige Listen, die sie nicht nennen: {count}",
    },
    "it": {
        "unclear": "Non chiaro: {point} ({sources})",
        "silence": "Le fonti tacciono: l'assenza di righe non è un no.",
        "complete": "Elenco completo{date}, {listed} membri ({sources}): una città che non vi figura non era membro.",
        "incomplete": "Di {network} non c'è qui un elenco completo: una città che manca può farne parte.",
        "absent": "No{date}: l'elenco completo di {network}, {listed} membri, non nomina {city} ({sources}){more}.",
        "others": "Su tutte le altre reti le fonti tacciono.",
        "date": " (data: {date})",
        "more": "; altri elenchi completi che non la nominano: {count}",
    },
    "pl": {
        "unclear": "Niejasne: {point} ({sources})",
        "silence": "Źródła milczą: brak wierszy nie oznacza odpowiedzi przeczącej.",
        "complete": "Pełna lista{date}, członków: {listed} ({sources}): kto na niej nie figuruje, nie był członkiem.",
        "incomplete": "Nie ma tu pełnej listy członków {network}: miasto, którego brak, może być członkiem.",
        "absent": "Nie{date}: pełna lista członków {network} ({listed}) nie wymienia miasta {city} ({sources}){more}.",
        "others": "O wszystkich innych sieciach źródła milczą.",
        "date": " (stan: {date})",
        "more": "; dalsze pełne listy, które go nie wymieniają: {count}",
    },
}


class _Point(NamedTuple):
    """A finding that something is unclear: the things that it is about, and the passages behind it."""

    about: set[str]
    sources: list[str]


def notes(answer: "Answer") -> tuple[Note, ...]:
    """The notes of the answer to a saved query, in the languages of its graph; none for triples and free SPARQL.

    Unclear points about the things asked for come first, then those about things in the rows. An answer without rows
    is silence, unless its query is about the graph itself (tag ``quality``). Names and descriptions (tag ``linked
    data``) hold all points as they are.
    """
    if answer.saved is None or answer.knowledge is None or answer.holds_triples:
        return ()
    return tuple(_Notes(answer).all())


def things_asked_for(kg: "Knowledge", answer: "Answer") -> dict[str, list[str]]:
    """Parameter of the saved query of an answer → the IRIs that its values name."""
    asked: dict[str, list[str]] = {}
    for name, param in answer.saved.params.items() if answer.saved else ():
        value = answer.values.get(name) or param.default
        texts = value if isinstance(value, list | tuple | set) else [value] if value else []
        if param.kind == "iri":
            asked[name] = [kg.find(str(getattr(text, "value", text)), param.type, param.scheme) for text in texts]
    return asked


class _Notes:
    def __init__(self, answer: "Answer") -> None:
        assert answer.knowledge and answer.saved
        self.answer, self.kg, self.saved = answer, answer.knowledge, answer.saved
        language = next(tag for tag in self.kg.languages if tag in SENTENCES)
        self.sentences = SENTENCES[language]
        self.asked = things_asked_for(self.kg, self.answer)
        self.labels: dict[str, str] = {}

    def all(self) -> Iterator[Note]:
        yield from self._absences()
        if self.answer.boolean is None and not len(self.answer) and "quality" not in self.saved.tags:
            yield self._note("silence")
        if "linked data" not in self.saved.tags:
            yield from self._unclear_points()

    def _unclear_points(self) -> Iterator[Note]:
        """Points about the things asked for, those first that are about rows too; then points about rows alone."""
        asked = {iri for iris in self.asked.values() for iri in iris}
        rows = self.answer.iris()
        shown = {iri for iri in rows if not iri.startswith((*PLACES, *NEVER_UNCLEAR))} - asked
        ranked = []
        for iri, (about, sources) in _unclear(self.kg.snapshot, asked | shown).items():
            rank = 2 * bool(about & asked) + bool(about & shown)
            if rank and iri not in rows:
                ranked.append((rank, iri, min(about & asked or about & shown), sources))
        named = {iri for _, point, _, sources in ranked for iri in (point, *sources)}
        self.labels |= self.kg.snapshot.label_index.labels(named, self.kg.languages)
        for _, iri, thing, sources in sorted(ranked, key=lambda point: -point[0]):
            yield self._note("unclear", thing, sources, point=self._label(iri))

    def _absences(self) -> Iterator[Note]:
        """What complete lists say, where the header names the parameter whose lists do (``absence``)."""
        things = self.asked.get(self.saved.header.get("absence", ""), [])
        for iri in things:
            yield from self._lists(iri) if iri.startswith(f"{ID}network/") else self._lists_without(iri)

    def _lists(self, network: str) -> Iterator[Note]:
        rows = [row for row in self.kg.query("completeness", network=network) if row.complete]
        complete = [row for row in rows if row.listed >= (row.claimed or 1)]
        for row in complete:
            yield self._note("complete", network, row.source, date=row.date, listed=row.listed)
        if not complete:
            yield self._note("incomplete", network, network=self._label(network))

    def _lists_without(self, city: str) -> Iterator[Note]:
        """A note for each network whose complete lists do not name the city; the newest list is named.

        Where a year was asked for, only lists of that year say something about it.
        """
        year = str(self.answer.values.get("year") or "")
        absent = self.kg.query("absent-from", city=city)
        self.labels |= {**absent.labels, city: self.kg.label(city)}
        rows = [row for row in absent if str(row.date or "").startswith(year)]
        for network, lists in groupby(rows, key=lambda row: row.network):
            newest, *others = sorted(lists, key=lambda row: str(row.date or ""), reverse=True)
            count = sum(len(row.source) for row in others)
            more = self.sentences["more"].format(count=count) if others else ""
            texts = {"network": self._label(network), "city": self._label(city), "listed": newest.listed}
            yield self._note("absent", network, newest.source, date=newest.date, more=more, **texts)
        yield self._note("others", city)

    def _label(self, iri: str) -> str:
        """The label of a thing, which may have been read together with others: that takes no longer than for one."""
        return self.labels.get(str(iri)) or self.kg.label(iri)

    def _note(self, kind: str, about: str = "", sources: Iterable[str] = (), **texts: object) -> Note:
        iris = tuple(map(str, sources))
        named = "; ".join(map(self._label, iris))
        date = self.sentences["date"].format(date=texts.pop("date")) if texts.get("date") else ""
        return Note(kind, self.sentences[kind].format(**{**texts, "date": date, "sources": named}), about, iris)


def _unclear(snapshot: Snapshot, things: Iterable[str]) -> Mapping[str, _Point]:
    """The findings that something is unclear about some things."""
    points: dict[str, _Point] = {}
    listed = " ".join(map(str, map(NamedNode, sorted(things))))
    for finding, thing, source in snapshot.ask(UNCLEAR.format(things=listed)).terms if listed else ():
        point = points.setdefault(value_of(finding), _Point(set(), []))
        point.about.add(value_of(thing))
        if (passage := value_of(source)) not in point.sources:
            point.sources.append(passage)
    return points
