"""Scripts with data in four languages: whole in English, in the others what differs from it; large ones compressed.

``var names = {…};`` becomes in German ``var names = changed(names, {…}, {…});``, so that a page loads the English one
first. What ``changed`` and ``setPacked`` do stands in ``assets/site.js``.
"""

import gzip
import json
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from solgraph.networks.drawing.page import embedded

_SCRIPT = re.compile(r"var (\w+) = (\{.*\});\n", re.DOTALL)
_DATA = re.compile(rb'<script id="data" type="application/json">(.*?)</script>', re.DOTALL)
#: The change of a link that leads to the English page, from the folder of another language.
_UP, _FOLDER_ABOVE = 1, "../"


def shortened(english: bytes, body: bytes, *, is_packed: bool = False) -> bytes:
    """A script of data as the site has it: in another language what differs from the one in English.

    It is packed where its data are needed now and then: compressed, in base64, since a page that is opened from a disk
    may load scripts alone. It stays whole where its data are no JSON.
    """
    scripts = [_SCRIPT.fullmatch(text.decode()) for text in (english, body)]
    try:
        old, new = (json.loads(script[2]) for script in scripts if script)
    except ValueError:
        return body
    name, words = scripts[0][1] if scripts[0] else "", repeated(old, new)
    texts = [embedded(new)] if english == body else [embedded(difference(old, new, words) or {}), embedded(words)]
    if is_packed:
        texts = [b64encode(gzip.compress(text.encode(), mtime=0)).decode() for text in texts]
        return f"setPacked({', '.join(map(json.dumps, (name, *texts)))});\n".encode()
    return body if english == body else f"var {name} = changed({', '.join((name, *texts))});\n".encode()


def repeated(old: Any, new: Any) -> dict[str, str]:
    """The texts of the old value for which the new one has the same other text in every place, twice at least."""
    found = defaultdict[str, list[str]](list)
    for text, other in _texts(old, new):
        found[text].append(other)
    return {
        text: others[0]
        for text, others in found.items()
        if len(others) > 1 and {*others} not in ({text}, {_FOLDER_ABOVE + text}) and len({*others}) == 1
    }


def _texts(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if isinstance(old, str) and isinstance(new, str):
        yield old, new
    for first, second in _below(old, new).values():
        yield from _texts(first, second)


def _below(old: Any, new: Any) -> dict[Any, tuple[Any, Any]]:
    """What stands in the same places of both, if the new value has all places of the old."""
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return dict(enumerate(zip(old, new, strict=True)))
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() <= new.keys():
        return {key: (old.get(key), new[key]) for key in new}
    return {}


def difference(old: Any, new: Any, words: Mapping[str, str]) -> Any:
    """What changes the old value into the new one where the words do not, None for nothing.

    A list of one is what takes the place of the old, a mapping has the changes below it; a word changes wherever it is.
    """
    if pairs := _below(old, new):
        changes = ((key, difference(first, second, words)) for key, (first, second) in pairs.items())
        return {key: change for key, change in changes if change is not None} or None
    if isinstance(old, str) and new == _FOLDER_ABOVE + old:
        return _UP
    return None if new == (words.get(old, old) if isinstance(old, str) else old) else [new]


def apart(page: bytes, name: str, english: str) -> tuple[bytes, bytes]:
    """A page without the data of a drawing, and the script that sets them; the English script is loaded before it.

    ``name`` is the file of that script, ``english`` that of the English one, both from where the page lies.
    """
    found = _DATA.search(page)
    if not found:
        return page, b""
    loads = "".join(f'<script src="{file}" defer></script>' for file in dict.fromkeys((english, name)))
    return page.replace(found[0], loads.encode()), b"var solgraphNetwork = %s;\n" % found[1]
