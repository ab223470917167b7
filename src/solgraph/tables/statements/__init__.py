"""Rows of tables as statements of the graph."""
