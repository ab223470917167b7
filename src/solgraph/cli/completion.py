"""Completion in the shell, where click's own falls short; imported only when the Tab key is pressed."""

import os
import re
from typing import Any

from click.shell_completion import BashComplete, CompletionItem, add_completion_class


class Bash(BashComplete):
    """Completion that quotes what bash would take for several words."""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        typed = os.environ["COMP_WORDS"].split("\n")[int(os.environ["COMP_CWORD"]) :]
        open_quote = typed and typed[0][:1] in ("'", '"')
        value = item.value if open_quote else re.sub(r"([^\w@%+=:,./-])", r"\\\\\1", item.value)
        return f"{item.type},{value}"


add_completion_class(Bash)
