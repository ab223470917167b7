"""The recorded session of docs/mcp.md: what an assistant asks, and what it gets on the data of the tests.

    python tools/assistant_session.py

``tools/accept.py`` records it too. The data of the tests are an older copy that never changes, so that the session
changes with the program alone.
"""

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mcp import Client

import solgraph
from solgraph.assistant.server import server_of

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "mcp.md"
_SESSION = re.compile(r"(?<=^<!-- session -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)
#: What a person wants to know → the tool that an assistant calls, and with what.
ASKED: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("Who was mayor of Palermo in 2014?", "ask", {"question": "Who was mayor of Palermo in 2014?"}),
    (
        "In welchen Netzwerken ist Mailand?",
        "query",
        {"name": "networks-of-city", "parameters": {"city": "Mailand"}, "lang": "de", "notes": 2},
    ),
    ("What do the sources find about Berlin?", "describe", {"thing": "Berlin", "group": "Finding", "limit": 2}),
    ("Which of Bologna's programmes are about health?", "search", {"words": "health Bologna", "limit": 2}),
    ("What can be asked about mayors?", "queries", {"words": "mayors", "limit": 4}),
    ("Who governs Palremo?", "query", {"name": "mayors", "parameters": {"city": "Palremo"}}),
    ("How do I cite the report?", "cite", {"name": "dreher-2024", "style": "bibtex"}),
)


def recorded(kg: solgraph.Knowledge) -> str:
    """The session in Markdown: each question, the call that an assistant makes of it, and the text of the reply."""
    replies = asyncio.run(_replies(kg))
    return "\n".join(
        f"*{question}* — `{tool} {json.dumps(arguments, ensure_ascii=False)}`\n\n```text\n{reply.rstrip()}\n```\n"
        for (question, tool, arguments), reply in zip(ASKED, replies, strict=True)
    )


async def _replies(kg: solgraph.Knowledge) -> list[str]:
    async with Client(server_of(kg, 60)) as client:
        results = [await client.call_tool(tool, arguments) for _, tool, arguments in ASKED]
    return [f"{'(refused) ' if result.is_error else ''}{result.content[0].text}" for result in results]


def shown() -> str:
    """The session that the page shows."""
    match = _SESSION.search(PAGE.read_text(encoding="utf-8"))
    assert match, f"{PAGE.name} has no place for the session."
    return match[0]


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    session = recorded(solgraph.open(ROOT / "tests" / "frozen", lang="en"))
    PAGE.write_text(_SESSION.sub(lambda _: session, text), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(ASKED)} questions\n")


if __name__ == "__main__":
    main()
