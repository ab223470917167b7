"""Questions in plain words: which saved query is meant, with which parameters, and what was not understood."""
