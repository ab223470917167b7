"""What comes out of a network view: a file of it, figures, a comparison, a series, a matrix."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from solgraph.cli.options import interruptible, put_out, width
from solgraph.cli.saved_query_commands import put_answer
from solgraph.cli.watched import watched
from solgraph.errors import WrongUse
from solgraph.networks.files import formats as files
from solgraph.networks.model.selection import BY_ALL_EDGES, OF_YEARS
from solgraph.rdf.atomic_files import write_whole

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge
    from solgraph.networks.measures.sheet import Sheet
    from solgraph.networks.model.projection import Projection
    from solgraph.networks.model.selection import Graph


class Request(NamedTuple):
    """A view with the values of its parameters and selection, the options of statistics, and where the outcome goes."""

    kg: "Knowledge"
    view: str
    values: dict[str, Any]
    statistics: dict[str, Any]
    format: str | None
    output: Path | None

    def drawn(self, *names: str) -> dict[str, Any]:
        """Some of the options of statistics."""
        return {name: self.statistics[name] for name in names}

    def network(self, *, edge_by_edge: bool = False) -> Any:
        """The network of the view, or its backbone; a projection if its edges may come one by one."""
        trim = {name: self.values[name] for name in BY_ALL_EDGES if self.values.get(name)}
        if not self.statistics["backbone"]:
            make = self.kg.projection if edge_by_edge and not trim else self.kg.network
            return make(self.view, **self.values)
        from solgraph.networks.model.build import trimmed
        from solgraph.networks.model.selection import Selection
        from solgraph.networks.statistics.backbone import backbone

        projection: Any = self.kg.projection(
            self.view, **{name: value for name, value in self.values.items() if name not in trim}
        )
        wanted = self.drawn("alpha", "correction", "trials", "seed")
        return trimmed(backbone(projection, model=self.statistics["backbone"], **wanted), Selection(**trim))


def put_file(request: Request, _: Any) -> None:
    """Print a network or write it to a file; several files are written edge by edge."""
    form = files.choose(request.format, request.output)
    _put_network(interruptible(lambda: request.network(edge_by_edge=len(form.files) > 1)), form, request.output)


def _put_network(graph: Any, form: files.NetworkFormat, output: Path | None) -> None:
    if output:
        with ExitStack() as bars:
            paths = files.save(watched(graph, bars), output, form.name)
        for path in paths:
            click.echo(f"{path}: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges", err=True)
    else:
        for _, content in files.contents(graph, form):
            click.echo(content, nl=False)
    _put_notes(*map(graph.graph.get, ("backbone", "measures", "columns", "notes")))


def _put_notes(*notes: str | None) -> None:
    for note in filter(None, notes):
        click.echo(note, err=True)


def _put_sheet(request: Request, sheet: "Sheet", *networks: Any) -> None:
    """Figures, and on standard error what the networks and the figures leave out."""
    put_out(sheet.text(request.format, path=request.output, width=width()), request.output)
    first, *others = networks or (None,)
    before = [first.graph.get(key) for key in ("backbone", "notes")] if first is not None else []
    _put_notes(*before, *sheet.notes, *(other.graph.get("notes") for other in others))


def put_summary(request: Request, _: Any) -> None:
    """Figures of the whole network."""
    from solgraph.networks.measures import summary

    network = interruptible(lambda: request.network(edge_by_edge=True))
    _put_sheet(request, interruptible(lambda: summary(network, **request.drawn("seed", "runs"))), network)


def put_measures(request: Request, _: Any) -> None:
    """Figures of every node: as a table, or on the nodes of the file of a network."""
    from solgraph.networks.measures import measures
    from solgraph.networks.measures.node_measures import put_on_nodes

    drawn, graph = request.drawn("seed", "runs"), interruptible(request.network)
    if files.is_of_networks_alone(request.format, request.output):
        form = files.choose(request.format, request.output)
        return _put_network(interruptible(lambda: put_on_nodes(graph, **drawn)), form, request.output)
    return _put_sheet(request, interruptible(lambda: measures(graph, **drawn)), graph)


def put_chance(request: Request, _: Any) -> None:
    """Figures beside those of random networks."""
    from solgraph.networks.statistics.chance import against_chance

    network = interruptible(lambda: request.kg.projection(request.view, **request.values))
    _put_sheet(request, interruptible(lambda: against_chance(network, **request.drawn("trials", "seed"))), network)


def put_against(request: Request, other: str) -> None:
    """How far the ties are those of another view, or of a file."""
    from solgraph.networks.statistics.layers import compare_layers

    second = interruptible(lambda: _other(request, other))
    first = interruptible(lambda: request.kg.projection(request.view, **request.values))
    sheet = interruptible(lambda: compare_layers(first, second, **request.drawn("trials", "seed")))
    _put_sheet(request, sheet, first, second)


def _other(request: Request, name: str) -> "Projection | Graph":
    """The other network, in the same years as far as it has years."""
    kg, times = request.kg, {key: value for key, value in request.values.items() if key in OF_YEARS and value}
    if name in (view.name for view in kg.views()):
        return kg.projection(name, **times)
    if not Path(name).is_file():
        raise WrongUse(f"'{name}' is no view and no file.", hint="See the views: solgraph network")
    from solgraph.graph.ties_table import ties_of_table

    return ties_of_table(kg, name)


def put_comparison(request: Request, years: tuple[int, int]) -> None:
    """What came, went, grew or shrank between two years."""
    from solgraph.networks.model.comparison import changes, table

    graph = interruptible(lambda: request.kg.compare(request.view, *years, **request.values))
    if request.output or request.format not in (None, "table", "md"):
        _put_network(graph, files.choose(request.format, request.output), request.output)
    else:
        click.echo(table(graph, request.format or "table"), nl=False)
    counts = (f"{n} {change} ({certain} certain)" if n else f"0 {change}" for change, n, certain in changes(graph))
    click.echo(", ".join(counts), err=True)


def put_series(request: Request, step: int) -> None:
    """Figures year by year, as a table or as a picture."""
    years = _years(request.values, step)
    values = {name: value for name, value in request.values.items() if name not in ("from_year", "to_year")}
    series = interruptible(lambda: request.kg.series(request.view, years, **values))
    drawn = request.format or (request.output.suffix[1:].lower() if request.output else "")
    if drawn not in ("svg", "png"):
        return _put_sheet(request, series)
    from solgraph.networks.drawing.series_picture import picture

    content = picture(series, drawn)
    if request.output:
        write_whole(request.output, content)
    else:
        click.echo(content, nl=False)
    return _put_notes(*series.notes)


def _years(values: dict[str, Any], step: int) -> range:
    if clash := next((name for name in ("year", "certain") if values.get(name)), ""):
        raise WrongUse(f"--step and --{clash} cannot be combined.", hint="Give one of them.")
    first, last = values.get("from_year"), values.get("to_year")
    if first is None or last is None:
        raise WrongUse("--step needs a first and a last year.", hint="For example: --from 2005 --to 2020 --step 1")
    if first > last:
        raise WrongUse(f"{first} is after {last}.", hint="Give the earlier year first.")
    return range(first, last + 1, step)


def put_incidence(request: Request, _: Any) -> None:
    """The incidence matrix of a view."""
    from solgraph.networks.files.incidence_files import incidence_csv, save_incidence

    matrix = interruptible(lambda: request.kg.incidence(request.view, **request.values))
    if request.output:
        click.echo(f"{', '.join(map(str, save_incidence(matrix, request.output)))}: {matrix}", err=True)
    else:
        for line in incidence_csv(matrix):
            click.echo(line, nl=False)


def put_weights(request: Request, _: Any) -> None:
    """A network as a file of nothing but the weights of its edges."""
    form = files.choose(request.format, request.output)
    weights = interruptible(lambda: request.kg.weights(request.view, **request.values))
    _put_network(weights, form, request.output)


def put_evidence(request: Request, ends: tuple[str, str]) -> None:
    """What links two nodes, with sources."""
    answer = interruptible(lambda: request.kg.evidence(request.view, *ends, **request.values))
    put_answer(answer, request.format, request.output)


PUT: dict[str, Callable[[Request, Any], None]] = {
    "": put_file,
    "summary": put_summary,
    "measures": put_measures,
    "compare": put_comparison,
    "step": put_series,
    "chance": put_chance,
    "against": put_against,
    "incidence": put_incidence,
    "weights_only": put_weights,
    "evidence": put_evidence,
}
