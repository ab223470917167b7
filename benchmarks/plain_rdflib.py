"""The same question by a plain rdflib script: parse all files, put the city into the query by hand, print the rows.

python benchmarks/plain_rdflib.py TOP CITY, where TOP holds ontology/, data/ and queries/ and CITY is an IRI
"""

import sys
from pathlib import Path

from rdflib import Dataset, URIRef

top, city = Path(sys.argv[1]), sys.argv[2]
graph = Dataset(default_union=True)
for path in sorted([*(top / "ontology").glob("*.ttl"), *(top / "ontology/vocab").glob("*.ttl")]):
    graph.parse(path)
for path in sorted((top / "data").rglob("*.ttl")):
    graph.graph(URIRef(path.as_uri())).parse(path)
for path in sorted((top / "data").rglob("*.trig")):
    graph.parse(path)
query = (top / "queries" / "networks-of-city.rq").read_text(encoding="utf-8")
for row in graph.query(query.replace("?_city_iri", f"<{city}>")):
    print(*row, sep="\t")
