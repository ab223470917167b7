"""A pyoxigraph store in this process, asked directly."""

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from solgraph.engines.endpoint import Result, result_of
from solgraph.errors import QueryError, TooLarge
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.sparql_safety import refuse_outside, refuse_too_deep
from solgraph.rdf.store import graphs, reporting_damage


class Local:
    """A pyoxigraph store in this process.

    A query reaches neither the network nor the file system: SERVICE, updates and graphs that are not loaded are
    refused with :class:`QueryError`. Where ``is_jailed`` is set, which a program may do that has nothing else under
    way, the process can open nothing while a query runs, unless the store itself does.
    """

    name = "this graph"
    is_jailed = False

    def __init__(self, load: Callable[[bool], Store], opens_files: Callable[[], bool] | None = None) -> None:
        """``load`` gives the store: with its named graphs, or only their merge, which is enough for most queries.

        It is called for each query. ``opens_files`` says whether the store opens files while it answers.
        """
        self._load, self._opens_files = load, opens_files

    @property
    def store(self) -> Store:
        """The store with its named graphs."""
        return self._load(True)

    def ask(self, query: str) -> Result:
        """Answer one query, without labels. Raises :class:`QueryError` with line and column for bad SPARQL."""
        refuse_too_deep(query)
        form = sparql.form(query)
        store = self._load(sparql.names_graphs(query))
        # Listing the graphs of a large store costs more than most queries, so only for one that asks by FROM.
        refuse_outside(query, frozenset(graphs(store) if sparql.asked_graphs(query) else ()))
        with reporting_errors(query), self._jail():
            return result_of(form, answer_of(store, query))

    def _jail(self) -> contextlib.AbstractContextManager[None]:
        is_closed = self.is_jailed and not (self._opens_files and self._opens_files())
        return no_new_descriptors() if is_closed else contextlib.nullcontext()


def answer_of(store: Store, query: str, **datasets: Any) -> QuerySolutions | QueryBoolean | QueryTriples:
    """The engine's answer; the columns of ``SELECT *`` are in the order in which the query names them."""
    if (star := sparql.star(query)) is not None:
        empty = Store().query(query, prefixes=PREFIXES)
        names = [variable.value for variable in empty.variables] if isinstance(empty, QuerySolutions) else []
        query = sparql.with_columns(query, star, names)
    return store.query(query, prefixes=PREFIXES, **datasets)


@contextlib.contextmanager
def no_new_descriptors() -> Iterator[None]:
    """Keep the whole process from opening anything for a while; what is open stays usable."""
    try:
        import resource
    except ImportError:  # not on Windows
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def reporting_errors(query: str) -> Iterator[None]:
    """Raise what the engine complains of as an error of ours."""
    try:
        with reporting_damage():
            yield
    except (SyntaxError, UnicodeEncodeError) as error:
        sparql.form(query)  # an update, or no query at all
        raise invalid(query, error) from error
    except (RuntimeError, OSError) as error:
        raise QueryError(f"The query cannot be answered: {error}.", hint="Use SPARQL 1.1's own functions.") from error
    except MemoryError as error:
        raise TooLarge("The query needs more memory than it may have.", hint="Ask for less, or add LIMIT.") from error


def invalid(query: str, error: Exception) -> QueryError:
    """A parser's complaint about a query, with the line in question or the prefix that it does not know."""
    if isinstance(error, UnicodeEncodeError):
        return QueryError("The query contains a character that is not Unicode.", hint="Save it as UTF-8.")
    if unknown := undeclared_prefix(query):
        return unknown
    place, _, expected = str(error).partition(": ")
    told = next((sentence for words, sentence in _SENTENCES.items() if words in expected), None) or _expected(expected)
    complaint = f"{place}: {told}" if told else place
    return QueryError(f"The query is not valid SPARQL, {complaint}.", hint=_line_with(query, place))


#: What the parser of the engine lists among what it expected → what that means.
_SENTENCES = {
    "The SELECT contains a variable that is unbound": "SELECT names a variable that is neither in GROUP BY nor in an "
    "aggregate such as COUNT",
    "Duplicated variable name in SELECT": "SELECT names a variable twice",
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot go with GROUP BY; name the variables",
    "IRI parsing failed": "an IRI is malformed or has no scheme; write it whole, or with a prefix, as city:milan",
}


def _expected(text: str) -> str:
    """What the parser expected, without what says nothing; nothing if that is no help."""
    listed = text.removeprefix("expected one of ").removeprefix("expected ").split(", ")
    words = [word for word in listed if word not in ("[_]", "<unreported>")]
    is_helpful = words and len(text) < 80 and "SERVICE" not in text
    return f"expected {'one of ' if len(words) > 1 else ''}{', '.join(words)}" if is_helpful else ""


def undeclared_prefix(query: str) -> QueryError | None:
    """The error for the first prefix of a query that is neither declared nor known."""
    unknown = [prefix for prefix in sparql.undeclared(query) if prefix not in PREFIXES]
    if not unknown:
        return None
    what = f"The query uses the prefix '{unknown[0]}:' without declaring it."
    return QueryError(what, hint=f"Write PREFIX {unknown[0]}: <…>; declared already: {', '.join(PREFIXES)}")


def _line_with(query: str, message: str) -> str:
    place = re.search(r"at (\d+):(\d+)", message)
    if not place:
        return ""
    line, column = int(place[1]), int(place[2])
    lines = query.splitlines()
    return (
        f"  {line} | {lines[line - 1]}\n  {' ' * len(str(line))} | {' ' * (column - 1)}^" if line <= len(lines) else ""
    )
