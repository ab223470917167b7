"""The options that every network view takes besides the parameters of its query: one table for all doors."""

from solgraph.networks.model.selection import WEIGHTS
from solgraph.queries.parameters import Parameter


def _option(name: str, kind: str, description: str, **further: str | bool | tuple[str, ...]) -> Parameter:
    return Parameter(name, "", kind, False, description=description, **{"multiple": False, **further})  # type: ignore[arg-type]


#: Named as on the command line and in addresses.
SELECTION = (
    _option("year", "integer", "only ties not known to lie outside this year", example="2018"),
    _option("from", "integer", "only ties not known to end earlier", example="2010"),
    _option("to", "integer", "only ties not known to begin later", example="2020"),
    _option("undated", "string", "ties without a year, when years are asked for", values=("include", "exclude")),
    _option("country", "iri", "only nodes of this country, by name in any language", type="sg:Country"),
    _option("exclude", "iri", "leave out this network or other end", type="sg:Actor", multiple=True),
    _option("weight", "string", "how edges of shared things are weighed", values=WEIGHTS),
    _option("min-weight", "number", "leave out lighter edges", example="2"),
    _option("max-edges", "integer", "stop before more edges than this", example="10000"),
    _option("compare", "string", "what came, went, grew or shrank between two years", example="2010,2020"),
)


def argument(option: str) -> str:
    """The argument of :meth:`solgraph.Knowledge.network` for an option: ``from_year`` for ``from``."""
    return {"from": "from_year", "to": "to_year"}.get(option, option.replace("-", "_"))
