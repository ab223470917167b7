"""Rows of an answer → networks, their figures, pictures and files."""
