"""The forms in which rows and triples are read and written."""
