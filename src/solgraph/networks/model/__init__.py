"""Rows of a view as a network: selection, projection, comparison."""
