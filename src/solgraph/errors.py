"""Everything that can go wrong and be mended by the person in front of it: what, where, what next."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


class SolgraphError(Exception):
    """An error that a person can mend; ``str()`` of it is the whole message.

    ``where`` is a place such as ``data/places.ttl:17:4`` and ``hint`` the next step, in the words of Python: calls such
    as ``kg.queries()``, and parameters such as ``year=2018`` or ``year=…``. See :func:`reworded`.

    >>> error = solgraph.SolgraphError("No such page.", where="pages.csv:3", hint="See docs/data.md.")
    >>> print(error)
    pages.csv:3: No such page.
    See docs/data.md.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(f"{where}: {what}" if where else what)

    def __str__(self) -> str:
        return super().__str__() + (f"\n{self.hint}" if self.hint else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self.args, self.__dict__)


def _unpickled(kind: type[SolgraphError], args: tuple[Any, ...], state: dict[str, Any]) -> SolgraphError:
    """An error of another process, whatever its constructor takes."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class DataError(SolgraphError):
    """Data, ontology or a saved query cannot be read as it stands.

    >>> from pathlib import Path
    >>> _ = Path("broken.ttl").write_text("<a> <b> .")
    >>> try:
    ...     solgraph.open("broken.ttl").query("handovers")
    ... except solgraph.DataError as error:
    ...     print(error.where)
    broken.ttl:1:9
    """


class QueryError(SolgraphError):
    """A query was refused or is not valid SPARQL.

    >>> try:
    ...     kg.sparql("SELECT ?city WHERE city")
    ... except solgraph.QueryError as error:
    ...     print(error.exit_code)
    1
    """


class Refused(QueryError):
    """A query would change data or reach beyond the graph, and is not asked at all.

    >>> try:
    ...     kg.sparql("DELETE WHERE { ?s ?p ?o }")
    ... except solgraph.Refused as error:
    ...     print(error)
    DELETE changes data or loads it; solgraph only answers queries.
    A query is one of SELECT, ASK, CONSTRUCT, DESCRIBE.
    """


class NotAcceptable(QueryError):
    """The answer is of a kind for which no acceptable form was named.

    Only a server raises it.

    >>> issubclass(solgraph.NotAcceptable, solgraph.SolgraphError)
    True
    """


class TooLarge(QueryError):
    """The answer is longer than one may be.

    Only a server raises it.

    >>> issubclass(solgraph.TooLarge, solgraph.SolgraphError)
    True
    """


class TimeLimit(SolgraphError):
    """A query took longer than it may, and was stopped.

    >>> issubclass(solgraph.TimeLimit, solgraph.SolgraphError)
    True
    """


class MemoryLimit(SolgraphError):
    """A query needed more memory than it may have, and was stopped.

    >>> issubclass(solgraph.MemoryLimit, solgraph.SolgraphError)
    True
    """


class TooBusy(SolgraphError):
    """No query can be answered just now; ``seconds`` later one may be.

    Only a server raises it.

    >>> print(solgraph.TooBusy("All workers are busy.", seconds=3).hint)
    Try again in 3 seconds.
    """

    def __init__(self, what: str, *, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(what, hint=f"Try again in {self.seconds} seconds.")


class QueueFull(TooBusy):
    """Too many queries wait already.

    Only a server raises it.

    >>> issubclass(solgraph.QueueFull, solgraph.TooBusy)
    True
    """


class EndpointError(SolgraphError):
    """A server did not answer, or not with what was asked for.

    >>> try:
    ...     solgraph.open(endpoint="http://127.0.0.1:9/").query("handovers")
    ... except solgraph.EndpointError as error:
    ...     print("no answer")
    no answer
    """


class WrongUse(SolgraphError):
    """A command or function was called in a way that cannot work.

    >>> try:
    ...     solgraph.open("nowhere.ttl")
    ... except solgraph.WrongUse as error:
    ...     print(error.exit_code, error.what)
    2 nowhere.ttl does not exist.
    """

    exit_code = 2


class ParameterError(WrongUse):
    """A parameter of a saved query is unknown, missing, ill-typed or names nothing.

    ``parameter`` is its name, ``value`` what was given for it, and ``candidates`` what may be meant.

    >>> try:
    ...     kg.query("mayors", city="Atlantis")
    ... except solgraph.ParameterError as error:
    ...     error.parameter, error.value
    ('city', 'Atlantis')
    """

    def __init__(
        self, what: str, *, hint: str = "", parameter: str = "", value: Any = None, candidates: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, hint=hint)
        self.parameter, self.value, self.candidates = parameter, value, candidates


class MissingExtra(WrongUse):
    """A library that only an extra brings is not installed.

    >>> print(solgraph.MissingExtra("A DataFrame", "pandas"))
    A DataFrame needs the extra 'pandas'.
    Install it: pip install 'solgraph[pandas]'
    """

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs the extra '{extra}'.", hint=f"Install it: pip install 'solgraph[{extra}]'")


def did_you_mean(text: str, words: Iterable[str], limit: int = 3, *, fold: Callable[[str], str] = str.casefold) -> str:
    """A sentence that names the words nearest to a text, or nothing when none is near.

    Of words that are the same but for what ``fold`` takes away, the first is named.
    """
    from difflib import get_close_matches

    by_fold: dict[str, str] = {}
    for word in words:
        by_fold.setdefault(fold(word), word)
    near = [by_fold[match] for match in get_close_matches(fold(text), by_fold, n=limit, cutoff=0.6)]
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else ""


#: A text, and a call or an argument, as hints write them.
_TEXT = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_PYTHON = (
    rf"\b(?:kg|answer|brief)\.(?P<method>\w+)\((?:[^()\"']|{_TEXT})*\)"
    rf"|(?<![\w?&.-])[a-z]\w*=(?:…|True|\d+|{_TEXT}|\[(?:[^\[\]\"']|{_TEXT})*\])"
)


def reworded(
    hint: str, call: Callable[[str, Sequence[Any], Mapping[str, Any]], str], parameter: Callable[[str, Any], str]
) -> str:
    """A hint in the words of another face: of its calls (method, values, named values) and parameters (name, value).

    ``…``, which stands for any value, comes as None.
    """
    import ast
    import re

    def replaced(match: re.Match[str]) -> str:
        source = match.group().replace("=…", "=None")
        parsed: Any = ast.parse(source if match["method"] else f"f({source})", mode="eval").body
        named = {str(word.arg).removesuffix("_"): ast.literal_eval(word.value) for word in parsed.keywords}
        if not match["method"]:
            return parameter(*next(iter(named.items())))
        return call(match["method"], [ast.literal_eval(value) for value in parsed.args], named)

    return re.sub(_PYTHON, replaced, hint)
