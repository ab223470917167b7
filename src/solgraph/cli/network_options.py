"""The options of a network view besides those of its query, and which of them go together."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from solgraph.errors import WrongUse
from solgraph.networks.model.selection import MAX_EDGES, SELECTION, argument, options_of
from solgraph.networks.statistics import CORRECTIONS, MODELS, TRIALS
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery

Options = Mapping[str, Callable[[Any], Any]]

#: What comes out of a view in place of a file of the network; each excludes the others.
OUTCOMES: Options = {
    "summary": click.option("--summary", is_flag=True, help="Figures of the whole network."),
    "measures": click.option(
        "--measures", is_flag=True, help="Figures of every node; in a file of a network, on its nodes."
    ),
    "compare": click.option(
        "--compare", type=int, nargs=2, metavar="YEAR YEAR", help="What came, went, grew or shrank."
    ),
    "step": click.option(
        "--step",
        type=click.IntRange(1),
        metavar="YEARS",
        help="Figures of every so many years, --from the first --to the last.",
    ),
    "chance": click.option("--chance", is_flag=True, help="Figures beside those of random networks of the same size."),
    "against": click.option("--against", metavar="VIEW|FILE", help="How far another view or table has the same ties."),
    "incidence": click.option("--incidence", is_flag=True, help="Who belongs to what as a matrix: .csv or .mtx."),
    "weights_only": click.option(
        "--weights-only", is_flag=True, help="Only the weights of the edges: for tens of millions."
    ),
    "evidence": click.option("--evidence", nargs=2, metavar="NAME NAME", help="What links two nodes, with sources."),
}
_OF_SHARED_THINGS = ("weights_only",)
_WITH_BACKBONE = ("summary", "measures")
#: Which ties mean something, and what is drawn at random.
STATISTICS: Options = {
    "backbone": click.option(
        "--backbone", type=click.Choice([*MODELS]), help="Only ties that this null model does not explain."
    ),
    "alpha": click.option("--alpha", type=float, help="The highest p-value of such a tie.  [default: 0.05]"),
    "correction": click.option(
        "--correction", type=click.Choice([*CORRECTIONS]), help="For many p-values.  [default: bh]"
    ),
    "trials": click.option(
        "--trials", type=click.IntRange(1), metavar="N", help=f"Random networks.  [default: {TRIALS}]"
    ),
    "seed": click.option("--seed", type=int, help="Of all that is drawn at random.  [default: 1]"),
    "runs": click.option(
        "--runs", type=click.IntRange(1), metavar="N", help="Times that communities are looked for.  [default: 10]"
    ),
}  # fmt: skip
_USUAL = {"alpha": 0.05, "correction": "bh", "trials": TRIALS, "seed": 1}
#: What each of these options goes with; elsewhere it would have no effect.
_USED_BY = {
    "alpha": ("backbone",),
    "correction": ("backbone",),
    "trials": ("chance", "against", "backbone"),
    "seed": ("chance", "against", "backbone", "summary", "measures"),
    "runs": ("summary", "measures"),
}
#: Heading in the help → names of options.
SECTIONS = {
    "Which part of the network": [argument(option.name) for option in SELECTION if option.name != "compare"],
    "Something else in place of a file": [*OUTCOMES],
    "Statistics": [*STATISTICS],
}


def options_of_view(saved: SavedQuery) -> list[Callable[[Any], Any]]:
    """The options of a view; what only views of shared things have is not among those of the others."""
    view = saved.network or {}
    outcomes = [option for name, option in OUTCOMES.items() if "nodes" in view or name not in _OF_SHARED_THINGS]
    selection = [_selection_option(param, view) for param in options_of(saved) if param.name not in OUTCOMES]
    return [*selection, *outcomes, *STATISTICS.values()]


def _selection_option(param: Parameter, view: Mapping[str, str]) -> Callable[[Any], Any]:
    """An option that chooses a part of a view, whose header says how it is weighed."""
    text = f"{param.description[:1].upper()}{param.description[1:]}."
    if param.is_flag:
        return click.option(f"--{param.name}", is_flag=True, help=text)
    if param.values:
        text = f"{text[:-1]}: {', '.join(param.values)}."
    if param.name == "weight" and "nodes" in view:
        text += f"  [default: {view.get('weight', 'shared')}]"
    if param.name == "max-edges":
        text = f"{text}  [default: {MAX_EDGES}; with --weights-only none]"
    types = {"integer": click.IntRange(1) if param.name in ("closest", "least") else int, "number": float}
    metavar = "YEAR" if param.name in ("from", "to") else "HOW" if param.values else "NAME" if param.type else None
    return click.option(
        f"--{param.name}",
        argument(param.name),
        type=types.get(param.kind),
        multiple=param.multiple,
        metavar=metavar,
        help=text,
    )


def outcome(values: dict[str, Any]) -> tuple[str, Any]:
    """What is asked for in place of a file, and its value, taken out of the values.

    Raises :class:`WrongUse` for two things.
    """
    asked = {name: value for name in OUTCOMES if (value := values.pop(name, None))}
    if "step" in asked:
        asked.pop("summary", None)  # a series is a summary of each year
    clash = [*asked, *(["backbone"] if values["backbone"] and not {*asked} <= {*_WITH_BACKBONE} else [])]
    if len(clash) > 1:
        first, second = (f"--{name.replace('_', '-')}" for name in clash[:2])
        raise WrongUse(f"{first} and {second} cannot be combined.", hint="Give one of them.")
    return next(iter(asked.items()), ("", None))


def statistics(values: dict[str, Any], outcome: str) -> dict[str, Any]:
    """The options of statistics, taken out of the values, the usual where none is given.

    Raises :class:`WrongUse` for one that would have no effect on the outcome.
    """
    given = {name: values.pop(name) for name in STATISTICS}
    at_work = {outcome, *(["backbone"] if given["backbone"] else [])}
    for name, users in _USED_BY.items():
        if given[name] is not None and at_work.isdisjoint(users):
            hint = f"It goes with {', '.join(f'--{user}' for user in users)}."
            raise WrongUse(f"--{name} would have no effect here.", hint=hint)
    return given | {name: usual for name, usual in _USUAL.items() if given[name] is None}


def used(statistics: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    """Those of these options on which the outcome depends: of the null models one alone is drawn at random."""
    drawn = [outcome, "backbone" if statistics["backbone"] == "fdsm" else ""]
    at_work = {name: drawn if name in ("trials", "seed") else [outcome, "backbone"] for name in _USED_BY}
    if not statistics["backbone"]:
        at_work = {name: [outcome] for name in _USED_BY}
    chosen = {name: statistics[name] for name, users in _USED_BY.items() if {*at_work[name]} & {*users}}
    return {name: value for name, value in {"backbone": statistics["backbone"], **chosen}.items() if value is not None}
