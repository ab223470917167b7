"""The graph on the web: SPARQL endpoint, linked data, pages and an API, served or written as files."""
