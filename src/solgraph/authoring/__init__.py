"""Tools for those who write queries and data."""
