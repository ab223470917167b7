"""RDF: terms, stores, Turtle, tokens of SPARQL, and files written whole."""
