"""What a referee asks of a network: which ties mean something, and which figures differ from chance."""

MODELS = {
    "sdsm": "stochastic degree sequence model: sizes of cities and networks hold on average",
    "fdsm": "fixed degree sequence model: sizes of cities and networks hold exactly, in random networks",
    "fixedrow": "fixed row model: each city has as many networks, any of them alike",
    "fixedcol": "fixed column model: each network has as many members, any of them alike",
}
#: Random networks that are made where none of the formulas serves.
TRIALS = 1000
CORRECTIONS = {
    "bh": "Benjamini & Hochberg 1995: of the ties kept, at most this share is expected to be chance",
    "holm": "Holm 1979: the chance that any tie kept is chance",
    "bonferroni": "the same with one threshold for all ties",
    "none": "each tie by itself, so that up to this share of the linked pairs is kept by chance",
}
