"""Answers as data frames of polars and pandas: columns, types, plain text, and the extra that is missing."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas
import polars
import pytest

import solgraph
from solgraph import Answer, MissingExtra
from solgraph.queries.catalogue import catalogue
from solgraph.resources import QUERIES

SMALL = Path(__file__).parent / "small"
CITY = "https://w3id.org/solgraph/id/city/"
FRAMES = ["to_polars", "to_pandas"]
SELECTS = [one for one in catalogue(QUERIES) if one.form == "SELECT"]
EVERY_TYPE = """
SELECT ?iri ?whole ?text ?yes ?decimal ?double ?day ?year ?month ?said {
  VALUES (?iri ?whole ?text ?yes ?decimal ?double ?day ?year ?month ?said) {
    (city:ardea 1 "a" true 1.50 2.5e0 "2018-06-30"^^xsd:date "2018"^^xsd:gYear "2018-06"^^xsd:gYearMonth "Ardée"@fr)
    (city:dorn -2 "b" false 12.25 -1.0e3 "1999-12-31"^^xsd:date "1999"^^xsd:gYear "1999-12"^^xsd:gYearMonth "Dorn"@en)
  }
}
"""
VALUES = {
    "iri": [CITY + "ardea", CITY + "dorn"],
    "whole": [1, -2],
    "text": ["a", "b"],
    "yes": [True, False],
    "decimal": [1.5, 12.25],
    "double": [2.5, -1000.0],
    "day": [date(2018, 6, 30), date(1999, 12, 31)],
    "year": [2018, 1999],
    "month": ["2018-06", "1999-12"],
    "said": ["Ardée", "Dorn"],
}
GAPS = "SELECT ?year ?yes ?text { VALUES (?year ?yes ?text) { (2018 true 'a') (UNDEF UNDEF UNDEF) (2019 false 'b') } }"
each_frame = pytest.mark.parametrize("make", FRAMES)


@pytest.fixture
def typed(small: solgraph.Knowledge) -> Answer:
    return small.sparql(EVERY_TYPE)


def column(frame: Any, name: str) -> list[Any]:
    """The values of a column, as Python has them."""
    return [value.date() if isinstance(value, pandas.Timestamp) else value for value in frame[name].to_list()]


@each_frame
def test_every_column_holds_its_values_in_order(make: str, typed: Answer) -> None:
    frame = getattr(typed, make)()
    assert list(frame.columns) == list(VALUES)
    assert {name: column(frame, name) for name in VALUES} == VALUES


def test_every_column_of_polars_has_its_type(typed: Answer) -> None:
    schema = dict(typed.to_polars().schema)
    texts = dict.fromkeys(("iri", "text", "month", "said"), polars.String)
    numbers = {"whole": polars.Int64, "year": polars.Int64, "double": polars.Float64, "decimal": polars.Float64}
    assert schema == {**texts, **numbers, "yes": polars.Boolean, "day": polars.Date}


def test_every_column_of_pandas_has_its_type(typed: Answer) -> None:
    types = {name: str(one) for name, one in typed.to_pandas().dtypes.items()}
    assert {name: types[name] for name in ("whole", "year", "double", "yes")} == {
        "whole": "Int64",
        "year": "Int64",
        "double": "float64",
        "yes": "boolean",
    }
    assert all(pandas.api.types.is_string_dtype(typed.to_pandas()[name]) for name in ("iri", "text", "month", "said"))


@each_frame
@pytest.mark.parametrize("name", ["iri", "said"])
def test_an_iri_and_a_text_with_language_are_plain_text(name: str, make: str, typed: Answer) -> None:
    with pandas.option_context("mode.string_storage", "python"):  # as it is where pyarrow is not installed
        frame = getattr(typed, make)()
    assert [type(value) for value in column(frame, name)] == [str, str]


def test_plain_text_is_for_frames_only(typed: Answer) -> None:
    typed.to_polars()
    typed.to_pandas()
    assert (type(typed[0].iri), type(typed[0].said)) == (solgraph.IRI, solgraph.rdf.terms.Text)


def test_a_gap_is_null_in_polars_and_changes_no_type(small: solgraph.Knowledge) -> None:
    frame = small.sparql(GAPS).to_polars()
    assert dict(frame.schema) == {"year": polars.Int64, "yes": polars.Boolean, "text": polars.String}
    assert frame.rows() == [(2018, True, "a"), (None, None, None), (2019, False, "b")]


def test_a_gap_is_missing_in_pandas(small: solgraph.Knowledge) -> None:
    frame = small.sparql(GAPS).to_pandas()
    assert frame.isna().to_numpy().tolist() == [[False] * 3, [True] * 3, [False] * 3]
    assert frame.dropna()["text"].tolist() == ["a", "b"]


def test_a_year_with_gaps_is_no_fraction_in_pandas(small: solgraph.Knowledge) -> None:
    assert str(small.sparql(GAPS).to_pandas()["year"].dtype) == "Int64"
    assert small.query("networks-of-city", city="Ardea").to_pandas()["since"].map(str).tolist() == [
        "2015",
        "2010",
        "2018",
    ]


@each_frame
def test_an_empty_answer_keeps_its_columns_in_order(make: str, small: solgraph.Knowledge) -> None:
    answer = small.query("mayors-in-year", year=2012, certain=True)
    frame = getattr(answer, make)()
    assert (list(frame.columns), len(frame)) == (list(answer.columns), 0)


@each_frame
def test_a_column_without_any_value_is_kept(make: str, small: solgraph.Knowledge) -> None:
    frame = getattr(small.sparql("SELECT ?n ?no { VALUES (?n ?no) { (1 UNDEF) (2 UNDEF) } }"), make)()
    assert (list(frame.columns), pandas.isna(column(frame, "no")).tolist()) == (["n", "no"], [True, True])


@each_frame
def test_a_column_may_be_called_like_a_word_of_python(make: str, small: solgraph.Knowledge) -> None:
    frame = getattr(small.sparql("SELECT ?class ?_x ?count { VALUES (?class ?_x ?count) { (1 2 3) } }"), make)()
    assert list(frame.columns) == ["class", "_x", "count"]
    assert [column(frame, name) for name in frame.columns] == [[1], [2], [3]]


def test_whole_numbers_among_decimals_are_numbers(small: solgraph.Knowledge) -> None:
    answer = small.sparql("SELECT ?v { VALUES ?v { 1 2.25 } }")
    assert column(answer.to_polars(), "v") == column(answer.to_pandas(), "v") == [1.0, 2.25]
    assert (answer.to_pandas()["v"] * 2).sum() == 6.5


@each_frame
def test_values_of_several_types_are_all_there(make: str, small: solgraph.Knowledge) -> None:
    frame = getattr(small.sparql('SELECT ?v { VALUES ?v { "text" 7 city:dorn "Dorn"@en } }'), make)()
    assert list(map(str, column(frame, "v"))) == ["text", "7", CITY + "dorn", "Dorn"]


@each_frame
def test_a_day_that_does_not_exist_stays_as_it_was_written(make: str, small: solgraph.Knowledge) -> None:
    days = 'VALUES ?day { "2018-06-30"^^xsd:date "2018-02-30"^^xsd:date }'
    frame = getattr(small.sparql(f"SELECT ?day {{ {days} }}"), make)()
    assert list(map(str, column(frame, "day"))) == ["2018-06-30", "2018-02-30"]


def test_triples_make_a_polars_frame_of_plain_text(small: solgraph.Knowledge) -> None:
    frame = small.sparql("CONSTRUCT { ?s skos:prefLabel ?l } WHERE { ?s skos:prefLabel ?l . ?s a sg:City }").to_polars()
    assert frame.schema == dict.fromkeys(("subject", "predicate", "object"), polars.String)
    assert "Ardée" in frame["object"].to_list()
    assert len(frame) == 7


def test_the_answer_to_a_saved_query_has_its_types_whatever_its_rows(frozen: solgraph.Knowledge) -> None:
    for saved in SELECTS:
        answer = frozen.query(saved.name, **{one.name: one.example for one in saved.params.values() if one.required})
        left, right = answer.to_polars(), answer.to_pandas()
        assert list(left.columns) == list(right.columns), saved.name
        assert [name for name in left.columns if name in answer.columns] == list(answer.columns), saved.name
        assert left.height == len(right) == len(answer), saved.name
        if all(saved.column_types.values()):
            nothing = answer[:0]
            assert nothing.to_arrow().schema == answer.to_arrow().schema, saved.name
            assert nothing.to_pandas().dtypes.equals(right.dtypes), saved.name


TYPED = """#+ summary: x
#+ columns:
#+   city: {type: sg:City, description: c}
#+   since: {type: date, description: s}
#+   lat: {type: decimal, description: l}
#+   source: {type: sg:Passage, description: p}
SELECT ?city ?since ?lat ?source { VALUES (?city ?since ?lat ?source) {
  (<urn:a> "2018"^^<http://www.w3.org/2001/XMLSchema#gYear> 1.5 <urn:p>)
  (<urn:a> "2018"^^<http://www.w3.org/2001/XMLSchema#gYear> 1.5 <urn:q>)
  (<urn:b> "2018-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> 2 <urn:p>)
  (<urn:c> "2018-05-01"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF UNDEF)
} } ORDER BY ?city ?source"""


def test_a_date_is_a_date_with_its_precision_and_sources_are_a_list(tmp_path: Path) -> None:
    (tmp_path / "typed.rq").write_text(TYPED)
    answer = solgraph.open(SMALL, queries=tmp_path).query("typed")
    frame = answer.to_polars()
    assert frame["since"].to_list() == [date(2018, 1, 1), date(2018, 5, 1), date(2018, 5, 1)]
    assert frame["since_precision"].to_list() == ["year", "month", "day"]
    assert frame["source"].to_list() == [["urn:p", "urn:q"], ["urn:p"], []]
    assert frame["lat"].to_list() == [1.5, 2.0, None]
    assert polars.DataFrame(answer).equals(frame), "through the C stream of Arrow"
    assert str(answer.to_pandas()["since"].dtype).startswith("datetime64")
    answer.write(tmp_path / "typed.parquet")
    assert polars.read_parquet(tmp_path / "typed.parquet").equals(frame)
    with pytest.raises(solgraph.WrongUse, match="needs a file"):
        answer.text("parquet")


def test_a_value_that_its_declared_type_does_not_allow_makes_the_column_text(tmp_path: Path) -> None:
    wrong = TYPED.replace('"2018-05-01"', '"2018-02-30"').replace(" 2 <urn:p>", ' "high" <urn:p>')
    (tmp_path / "typed.rq").write_text(wrong)
    frame = solgraph.open(SMALL, queries=tmp_path).query("typed").to_polars()
    assert frame["since"].to_list() == ["2018", "2018-05", "2018-02-30"]
    assert frame["lat"].to_list() == ["1.5", "high", None]


def test_a_yes_or_no_is_one_cell(small: solgraph.Knowledge) -> None:
    frame = small.sparql("ASK { ?city a sg:City }").to_polars()
    assert (frame.schema, frame.rows()) == ({"answer": polars.Boolean}, [(True,)])


def test_missing_polars_names_the_extra(typed: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra) as caught:
        typed.to_polars()
    assert str(caught.value) == (
        "A polars DataFrame needs the extra 'polars'.\nInstall it: pip install 'solgraph[polars]'"
    )
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("present", ["polars", "pandas"])
def test_one_library_does_not_need_the_other(present: str) -> None:
    absent = "pandas" if present == "polars" else "polars"
    code = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name.partition('.')[0] == {absent!r}: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import solgraph; answer = solgraph.open().query('cities')\n"
        f"assert len(answer.to_{present}()) == len(answer)\n"
        f"try: answer.to_{absent}()\n"
        "except solgraph.MissingExtra as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.endswith(f"needs the extra '{absent}'.\nInstall it: pip install 'solgraph[{absent}]'\n")


def test_no_library_of_frames_is_imported_until_one_is_asked_for() -> None:
    code = (
        "import sys, solgraph; answer = solgraph.open().query('cities'); answer.to_dicts(), answer.text('csv')\n"
        "assert not {'pandas', 'polars', 'numpy', 'pyarrow'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("frame", ["to_pandas", "to_polars"])
def test_things_may_be_called_by_their_labels(frame: str, small: solgraph.Knowledge) -> None:
    found = getattr(small.query("mayors", city="Ardea"), frame)(things="label")
    assert set(found["mayor"]) == {"Ann Ash", "Ben Birch"}
    assert set(found["since"]) == {2000, 2005, 2015}
