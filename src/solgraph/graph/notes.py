"""The notes of an answer: what the sources leave unclear about it, where a list says no, and where they are silent."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

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
        "claimed": "Members claimed{date}: {claimed} ({sources}); in this graph: {members}.",
        "complete": "Complete list{date}, {listed} members ({sources}): a city that it does not name was not a member "
        "then.",
        "outgrown": "The list{date}, {listed} members, was complete then ({sources}); other sources name or claim "
        "more: a city that is missing may be a member now.",
        "undated": "A complete list without a date, {listed} members ({sources}): it does not say when a city that is "
        "missing was not a member.",
        "incomplete": "There is no complete list of {network} here: a city that is missing may still be a member.",
        "absent": "No{date}: the complete list of {network}, {listed} members, does not name {city} ({sources}){more}.",
        "unlisted": "Not on the list{date}: that of {network}, complete then with {listed} members, does not name "
        "{city} ({sources}){more}; other sources name or claim more members, so that it says nothing of today.",
        "others": "About all other networks the sources are silent.",
        "date": " as of {date}",
        "more": "; other complete lists that do not name it: {count}",
    },
    "de": {
        "unclear": "Unklar: {point} ({sources})",
        "silence": "Die Quellen schweigen: Dass es keine Zeile gibt, ist kein Nein.",
        "claimed": "Angegebene Mitglieder{date}: {claimed} ({sources}); in diesem Graphen: {members}.",
        "complete": "Vollständige Liste{date}, {listed} Mitglieder ({sources}): Wer dort fehlt, war damals kein "
        "Mitglied.",
        "outgrown": "Die Liste{date}, {listed} Mitglieder, war damals vollständig ({sources}); andere Quellen nennen "
        "mehr: Eine Stadt, die fehlt, kann heute Mitglied sein.",
        "undated": "Eine vollständige Liste ohne Datum, {listed} Mitglieder ({sources}): Sie sagt nicht, wann eine "
        "Stadt, die fehlt, kein Mitglied war.",
        "incomplete": "Von {network} gibt es hier keine vollständige Liste: Eine Stadt, die fehlt, kann Mitglied sein.",
        "absent": "Nein{date}: Die vollständige Liste von {network}, {listed} Mitglieder, nennt {city} nicht "
        "({sources}){more}.",
        "unlisted": "Nicht auf der Liste{date}: Die damals vollständige Liste von {network}, {listed} Mitglieder, "
        "nennt {city} nicht ({sources}){more}; andere Quellen nennen mehr Mitglieder; über heute sagt sie nichts.",
        "others": "Zu allen anderen Netzwerken schweigen die Quellen.",
        "date": " (Stand: {date})",
        "more": "; weitere vollständige Listen, die sie nicht nennen: {count}",
    },
    "it": {
        "unclear": "Non chiaro: {point} ({sources})",
        "silence": "Le fonti tacciono: l'assenza di righe non è un no.",
        "claimed": "Membri dichiarati{date}: {claimed} ({sources}); in questo grafo: {members}.",
        "complete": "Elenco completo{date}, {listed} membri ({sources}): una città che non vi figura allora non era "
        "membro.",
        "outgrown": "L'elenco{date}, {listed} membri, era allora completo ({sources}); altre fonti ne nominano o "
        "dichiarano di più: una città che manca può oggi essere membro.",
        "undated": "Un elenco completo ma senza data, {listed} membri ({sources}): non dice quando una città che manca "
        "non era membro.",
        "incomplete": "Di {network} non c'è qui un elenco completo: una città che manca può farne parte.",
        "absent": "No{date}: l'elenco completo di {network}, {listed} membri, non nomina {city} ({sources}){more}.",
        "unlisted": "Non nell'elenco{date}: quello di {network}, allora completo con {listed} membri, non nomina "
        "{city} ({sources}){more}; altre fonti nominano o dichiarano più membri: di oggi non dice nulla.",
        "others": "Su tutte le altre reti le fonti tacciono.",
        "date": " (data: {date})",
        "more": "; altri elenchi completi che non la nominano: {count}",
    },
    "pl": {
        "unclear": "Niejasne: {point} ({sources})",
        "silence": "Źródła milczą: brak wierszy nie oznacza odpowiedzi przeczącej.",
        "claimed": "Podawana liczba członków{date}: {claimed} ({sources}); w tym grafie: {members}.",
        "complete": "Pełna lista{date}, członków: {listed} ({sources}): kto na niej nie figuruje, nie był wtedy "
        "członkiem.",
        "outgrown": "Lista{date}, członków: {listed}, była wtedy pełna ({sources}); inne źródła wymieniają lub podają "
        "ich więcej: miasto, którego brak, może dziś być członkiem.",
        "undated": "Pełna lista bez daty, członków: {listed} ({sources}): nie mówi, kiedy miasto, którego brak, nie "
        "było członkiem.",
        "incomplete": "Nie ma tu pełnej listy członków {network}: miasto, którego brak, może być członkiem.",
        "absent": "Nie{date}: pełna lista członków {network} ({listed}) nie wymienia miasta {city} ({sources}){more}.",
        "unlisted": "Nie ma na liście{date}: lista członków {network} ({listed}), wtedy pełna, nie wymienia miasta "
        "{city} ({sources}){more}; inne źródła wymieniają lub podają więcej członków, więc o dniu dzisiejszym nic "
        "nie mówi.",
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

    Unclear points about the things asked for come first, then what lists say, then points about things in the rows. An
    answer without rows is silence, unless its query is about the graph itself (tag ``quality``). Names and descriptions
    (tag ``linked data``) hold all points as they are.
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
        if self.answer.boolean is None and not len(self.answer) and "quality" not in self.saved.tags:
            yield self._note("silence")
        unclear = [] if "linked data" in self.saved.tags else self._unclear_points()
        yield from (note for is_asked, note in unclear if is_asked)
        yield from self._absences()
        yield from (note for is_asked, note in unclear if not is_asked)

    def _unclear_points(self) -> list[tuple[bool, Note]]:
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
        self.labels |= self.kg.snapshot.labels_of(named, self.kg.languages)
        ranked.sort(key=lambda point: -point[0])
        return [
            (rank > 1, self._note("unclear", thing, sources, point=self._label(iri)))
            for rank, iri, thing, sources in ranked
        ]

    def _absences(self) -> Iterator[Note]:
        """What complete lists say, where the header names the parameter whose lists do (``absence``)."""
        things = self.asked.get(self.saved.header.get("absence", ""), [])
        for iri in things:
            yield from self._lists(iri) if iri.startswith(f"{ID}network/") else self._lists_without(iri)

    def _lists(self, network: str) -> Iterator[Note]:
        """The largest claim, unless a list settles who belongs; and each complete list, for its date."""
        rows = [*self.kg.query("completeness", network=network)]
        complete = [row for row in rows if row.settles is not None]
        claims = [row for row in rows if row.claimed]
        if claims and not any(row.settles for row in complete):
            most = max(claims, key=lambda row: (row.claimed, str(row.date or "")))
            texts = {"claimed": most.claimed, "members": most.members}
            yield self._note("claimed", network, most.source, date=most.date, **texts)
        for row in complete:
            kind = "complete" if row.settles else "outgrown" if row.date else "undated"
            yield self._note(kind, network, row.source, date=row.date, listed=row.listed)
        if not complete:
            yield self._note("incomplete", network, network=self._label(network))

    def _lists_without(self, city: str) -> Iterator[Note]:
        """A note for each network whose complete lists do not name the city; the newest list is named.

        Where a year was asked for, only lists of that year say something about it, and all that they say is a no.
        Networks of other countries are left out, and so are lists without a date.
        """
        year = str(self.answer.values.get("year") or "")
        absent = self.kg.query("absent-from", city=city)
        self.labels |= {**absent.labels, city: self.kg.label(city)}
        rows = [row for row in absent if row.date and str(row.date).startswith(year) and not row.elsewhere]
        networks = [[*lists] for _, lists in groupby(rows, key=lambda row: row.network)]
        denied = [[row for row in lists if year or row.answer == "no"] for lists in networks]
        yield from (self._absent("absent", city, lists) for lists in denied if lists)
        left = (lists for lists, no in zip(networks, denied, strict=True) if not no)
        yield from (self._absent("unlisted", city, lists) for lists in left)
        yield self._note("others", city)

    def _absent(self, kind: str, city: str, lists: Iterable[Any]) -> Note:
        newest, *others = sorted(lists, key=lambda row: str(row.date), reverse=True)
        count = sum(len(row.source) for row in others)
        more = self.sentences["more"].format(count=count) if others else ""
        texts = {"network": self._label(newest.network), "city": self._label(city), "listed": newest.listed}
        return self._note(kind, newest.network, newest.source, date=newest.date, more=more, **texts)

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
