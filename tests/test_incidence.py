"""Who belongs to what as a matrix, and the weights that its products give, against networkx."""

from collections import Counter

import pytest

import solgraph
from solgraph.networks.model.incidence import incidence


def test_a_two_mode_view_and_a_projection_give_the_same_matrix(frozen: solgraph.Knowledge) -> None:
    chosen = {"layer": ["alliance"]}
    both, shared = frozen.incidence("memberships", **chosen), frozen.incidence("alliances", **chosen)
    graph = frozen.network("memberships", **chosen)
    degrees = Counter(graph.nodes[end]["label"] for end in set(both.columns) for _ in set(graph[end]))
    assert dict(zip(both.columns.values(), both.matrix.sum(axis=0).tolist(), strict=True)) == degrees
    assert both.columns == {key: shared.columns[key] for key in both.columns}
    rows = [list(shared.rows).index(key) for key in both.rows]
    assert (shared.matrix[rows].toarray() == both.matrix.toarray()).all()
    assert both.matrix.max() == 1 and both.rows["city:berlin"] == "Berlin"


def test_a_network_of_one_mode_has_no_matrix(frozen: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match="has not two modes"):
        incidence(frozen.network("people"))
    with pytest.raises(solgraph.WrongUse, match="has no pairs: least"):
        frozen.incidence("alliances", least=2)
