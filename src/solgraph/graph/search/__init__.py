"""Full text search: words and stems, cards of all that is said about each thing, an index of them, and its hits."""
