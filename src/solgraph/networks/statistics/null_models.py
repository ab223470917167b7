"""Null models of a two-mode network: an array of 0 and 1, a row for each city, a column for each network.

Sources: BiCM, Saracco et al. 2015; stochastic degree sequence model, Neal 2014; fixed degree sequence model,
Zweig & Kaufmann 2011; fixed row, Tumminello et al. 2011; fixed column and a comparison of all, Neal, Domagalski &
Sagan 2021. The reference is R's package ``backbone``; where that approximates a sum of unequal chances (the
Poisson-binomial distribution), it is exact here.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from solgraph.errors import DataError
from solgraph.networks.statistics import TRIALS
from solgraph.networks.statistics.arrays import Array, numpy


def p_values(matrix: Array, pairs: Array, model: str, trials: int = TRIALS, seed: int = 1) -> Array:
    """The chance that two rows share at least so many columns; ``pairs`` holds two row numbers and that number.

    ``trials`` and ``seed`` are for ``fdsm``, whose smallest value is 1 / (trials + 1).
    """
    first, second, shared = pairs.T
    if model == "fdsm":
        return _simulated(matrix, pairs, trials, seed)
    classes, upper = {"sdsm": _sdsm, "fixedrow": _fixed_row, "fixedcol": _fixed_column}[model](matrix)
    values: Array = upper[classes[first], classes[second], shared]
    return values


def bicm(matrix: Array) -> Array:
    """The chance of each cell in the bipartite configuration model: sums of rows and columns hold on average.

    Rows and columns that are full or empty are certain and set aside first. Raises :class:`DataError` if the equations
    do not converge.
    """
    chances = numpy.zeros(matrix.shape)
    rows, columns = (numpy.arange(size) for size in matrix.shape)
    while len(rows) and len(columns):
        part = matrix[numpy.ix_(rows, columns)]
        by_row, by_column = part.sum(axis=1), part.sum(axis=0)
        chances[numpy.ix_(rows[by_row == len(columns)], columns)] = 1
        chances[numpy.ix_(rows, columns[by_column == len(rows)])] = 1
        inner_rows = (by_row > 0) & (by_row < len(columns))
        inner_columns = (by_column > 0) & (by_column < len(rows))
        if inner_rows.all() and inner_columns.all():
            chances[numpy.ix_(rows, columns)] = _fitted(by_row, by_column)
            break
        rows, columns = rows[inner_rows], columns[inner_columns]
    return chances


def _fitted(by_row: Array, by_column: Array) -> Array:
    """Chances x·y / (1 + x·y) with these sums: a fixed point of the equations, solved for each different sum."""
    row_sums, row_class, row_count = numpy.unique(by_row, return_inverse=True, return_counts=True)
    column_sums, column_class, column_count = numpy.unique(by_column, return_inverse=True, return_counts=True)
    scale = numpy.sqrt(by_row.sum())
    x, y = row_sums / scale, column_sums / scale
    for _ in range(100_000):
        x = row_sums / (column_count * y / (1 + numpy.outer(x, y))).sum(axis=1)
        y = column_sums / (row_count * x / (1 + numpy.outer(y, x))).sum(axis=1)
        product = numpy.outer(x, y)
        if numpy.abs((product / (1 + product) * column_count).sum(axis=1) - row_sums).max() < 1e-10:
            chances: Array = (product / (1 + product))[numpy.ix_(row_class, column_class)]
            return chances
    raise DataError("The chances of the null model do not converge.", hint="Take another one: fixedrow, fixedcol.")


def _sdsm(matrix: Array) -> tuple[Array, Array]:
    chances, classes = numpy.unique(bicm(matrix), axis=0, return_inverse=True)
    return classes.ravel(), _at_least(chances[:, None, :] * chances[None, :, :])


def _fixed_row(matrix: Array) -> tuple[Array, Array]:
    from scipy.stats import hypergeom

    sums, classes = numpy.unique(matrix.sum(axis=1), return_inverse=True)
    columns = matrix.shape[1]
    counts = numpy.arange(columns + 1)
    return classes, hypergeom.sf(counts - 1, columns, sums[:, None, None], sums[None, :, None])


def _fixed_column(matrix: Array) -> tuple[Array, Array]:
    sums, rows = matrix.sum(axis=0), len(matrix)
    chances = sums * (sums - 1) / (rows * (rows - 1))
    return numpy.zeros(rows, dtype=int), _at_least(chances[None, None, :])


def _at_least(chances: Array) -> Array:
    """The chance that at least 0, 1, 2 … of independent events happen, whose chances lie along the last axis."""
    counts = numpy.zeros((*chances.shape[:-1], chances.shape[-1] + 1))
    counts[..., 0] = 1
    for event in range(chances.shape[-1]):
        chance = chances[..., event, None]
        counts[..., 1:] = counts[..., 1:] * (1 - chance) + counts[..., :-1] * chance
        counts[..., :1] *= 1 - chance
    tail: Array = numpy.flip(numpy.cumsum(numpy.flip(counts, -1), -1), -1)
    return numpy.minimum(tail, 1.0)


def _simulated(matrix: Array, pairs: Array, trials: int, seed: int) -> Array:
    """Share of random networks with as much in common, that which was seen counted in (Phipson & Smyth 2010)."""
    first, second, shared = pairs.T
    reached = numpy.ones(len(pairs))
    for sample in samples(matrix, trials, seed):
        wide = sample.astype(numpy.float32)
        reached += (wide @ wide.T)[first, second] >= shared
    return reached / (trials + 1)


def samples(matrix: Array, trials: int, seed: int) -> Iterator[Array]:
    """Random arrays with the same sums of rows and columns, by curveball trades (Strona et al. 2014).

    Five trades for each row or column, whichever are fewer, lie between two samples.
    """
    random, turned = Random(seed), matrix.shape[0] > matrix.shape[1]
    lists = [set(numpy.flatnonzero(row).tolist()) for row in (matrix.T if turned else matrix)]
    for _ in range(trials):
        for _ in range(5 * len(lists) if len(lists) > 1 else 0):
            _trade(lists, random)
        sample = numpy.zeros((len(lists), max(matrix.shape) if turned else matrix.shape[1]), dtype=matrix.dtype)
        for number, members in enumerate(lists):
            sample[number, list(members)] = 1
        yield sample.T if turned else sample


def _trade(lists: list[set[Any]], random: Random) -> None:
    """Deal what only the first or only the second of two rows has anew, so that each gets as many as it had."""
    first, second = random.sample(range(len(lists)), 2)
    own, other = lists[first] - lists[second], lists[second] - lists[first]
    if own and other:
        pool = sorted(own | other)
        random.shuffle(pool)
        both = lists[first] & lists[second]
        lists[first], lists[second] = both | {*pool[: len(own)]}, both | {*pool[len(own) :]}
