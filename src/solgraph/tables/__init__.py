"""Spreadsheets of researchers, read into data for the graph."""
