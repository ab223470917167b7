"""Saved queries: files, headers, parameters and their binding."""
