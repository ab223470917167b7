"""Scripts with data in four languages: whole in English, in the others what differs from it.

``var names = {…};`` becomes in German ``var names = …(names, {…});``, so that a page loads the English one first.
"""

import json
import re
from typing import Any

from solgraph.networks.drawing.page import embedded

_SCRIPT = re.compile(r"var (\w+) = (\{.*\});\n", re.DOTALL)
_DATA = re.compile(rb'<script id="data" type="application/json">(.*?)</script>', re.DOTALL)
#: A list of one is what takes the place of the old, an object has the changes below it.
_CHANGED = (
    "(function changed(old, change) { if (Array.isArray(change)) return change[0]; "
    "for (const key in change) old[key] = changed(old[key], change[key]); return old; })"
)


def differing(english: bytes, body: bytes) -> bytes:
    """The script in another language by the one in English; whole where their data are no JSON."""
    scripts = [_SCRIPT.fullmatch(text.decode()) for text in (english, body)]
    try:
        old, new = (json.loads(script[2]) for script in scripts if script)
    except ValueError:
        return body
    name = scripts[0][1] if scripts[0] else ""
    return f"var {name} = {_CHANGED}({name}, {embedded(difference(old, new) or {})});\n".encode()


def difference(old: Any, new: Any) -> Any:
    """What changes the old value into the new one, None for nothing."""
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = dict(enumerate(zip(old, new, strict=True)))
    elif isinstance(old, dict) and isinstance(new, dict) and old.keys() <= new.keys():
        return {key: change for key in new if (change := difference(old.get(key), new[key])) is not None} or None
    else:
        return None if old == new else [new]
    return {key: change for key, pair in pairs.items() if (change := difference(*pair)) is not None} or None


def apart(page: bytes, name: str, english: str) -> tuple[bytes, bytes]:
    """A page without the data of a drawing, and the script that sets them; the English script is loaded before it.

    ``name`` is the file of that script, ``english`` that of the English one, both from where the page lies.
    """
    found = _DATA.search(page)
    if not found:
        return page, b""
    loads = "".join(f'<script src="{file}" defer></script>' for file in dict.fromkeys((english, name)))
    return page.replace(found[0], loads.encode()), b"var solgraphNetwork = %s;\n" % found[1]
