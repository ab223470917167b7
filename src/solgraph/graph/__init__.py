"""The graph as a whole: everything that can be asked of it."""
