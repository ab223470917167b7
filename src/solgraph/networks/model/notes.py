"""What a network says of how it was made: what was chosen, and what was left out, counted."""

from collections import Counter

from solgraph.networks.model.selection import Selection, View


def said(view: View, wanted: Selection, counts: Counter[str]) -> dict[str, str]:
    """Attributes of the network: ``selection`` and ``notes``, each only when there is something to say."""
    defaults = {**Selection._field_defaults, "max_edges": wanted.max_edges}  # a bound chooses nothing
    chosen = [f"{key.replace('_', ' ')} {value}" for key, value in wanted._asdict().items() if value != defaults[key]]
    told = {"selection": "; ".join(chosen), "notes": " ".join(_sentences(view, wanted, counts))}
    return {key: text for key, text in told.items() if text}


def _sentences(view: View, wanted: Selection, counts: Counter[str]) -> list[str]:
    undated = "counted in" if wanted.undated == "include" else "left out"
    isolates = "kept" if view.isolates else "left out"
    sentences = {
        "undated": f"Ties without a year, {undated}: {counts['undated']} of {counts['ties']}.",
        "outside": f"Ties outside the years, left out: {counts['outside']} of {counts['ties']}.",
        "other country": f"Rows of other countries, left out: {counts['other country']}.",
        "excluded": f"Ties to what was excluded, left out: {counts['excluded']}.",
        "alone": f"Values of '{view.other}' with a single {view.one} here, which link nobody: {counts['alone']}.",
        "missed": f"Pairs in the same {view.other} only at different times, not linked by it: {counts['missed']}.",
        "light": f"Edges lighter than {wanted.min_weight:g}, left out: {counts['light']}.",
        "same edge": f"Rows that say an edge again: {counts['same edge']}.",
        "isolates": f"Nodes without an edge, {isolates}: {counts['isolates']}.",
    }
    return [sentence for key, sentence in sentences.items() if counts[key]]
