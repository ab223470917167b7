"""The server of the Model Context Protocol: passes requests on to tools, resources and prompts, in threads."""

import logging
from collections.abc import Callable
from importlib.metadata import version
from threading import Semaphore
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from solgraph.assistant import resources
from solgraph.assistant.prompts import PROMPTS, written
from solgraph.assistant.tools import TOOLS, Tool, call
from solgraph.assistant.wording import message
from solgraph.errors import SolgraphError, TimeLimit, TooBusy, did_you_mean
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.namespaces import ID, VOCAB

Value = TypeVar("Value")
Context = Any

#: So many answers are worked on at once, as many as there are threads, with those for which nobody waits any longer.
MOST_AT_ONCE = 40

_INSTRUCTIONS = """\
solgraph is a knowledge graph of European solidarity cities: who works with whom, in which programmes, networks and
alliances, since when, and which section of which document says so.
- Begin with "ask" for a question in plain words, "search" for words, "queries" for what can be asked, "describe" for
  a thing. "query" answers a saved query.
- Name things in any language. Set "lang" (en, de, it, pl) to the language of the person.
- Answers are those of saved queries. With each statement give the source and address of its row.
- Pass on the notes. An empty answer means that the sources are silent, not no, unless a note says that a list is
  complete.
- "rest" says how to get more of an answer. Do not count rows: "total" is their number."""
_log = logging.getLogger("solgraph")


def server_of(kg: Knowledge, seconds: float) -> "Server[Any]":
    """A server for a graph, whose answers may take so many seconds each."""
    handlers = _Handlers(kg, seconds)
    return Server(
        "solgraph",
        version=version("solgraph"),
        title="Solidarity cities",
        instructions=_INSTRUCTIONS,
        website_url="https://w3id.org/solgraph/",
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
        on_list_prompts=handlers.list_prompts,
        on_get_prompt=handlers.get_prompt,
        on_completion=handlers.complete,
    )


def serve_stdio(kg: Knowledge, seconds: float) -> None:
    """Serve one assistant over standard input and output, until it hangs up."""
    anyio.run(_over_stdio, server_of(kg, seconds))


async def _over_stdio(server: "Server[Any]") -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


class _Handlers:
    """What is answered to each request; work goes to threads, so that one answer does not wait for another."""

    def __init__(self, kg: Knowledge, seconds: float) -> None:
        self.kg, self.seconds, self._free = kg, seconds, Semaphore(MOST_AT_ONCE)

    async def _in_thread(self, work: Callable[[], Value]) -> "Value | SolgraphError":
        """What some work gives, or its error; after the time limit nobody waits for it any longer."""
        with anyio.move_on_after(self.seconds):
            return await anyio.to_thread.run_sync(self._outcome, work, abandon_on_cancel=True)
        what = f"The answer took longer than {self.seconds:g} s and was given up."
        return TimeLimit(what, hint="Ask for less: name more of what is looked for.")

    def _outcome(self, work: Callable[[], Value]) -> "Value | SolgraphError":
        """What some work gives, or its error; a traceback would hold results that only this thread may let go."""
        if not self._free.acquire(blocking=False):
            return TooBusy("Too many answers are under way.", seconds=self.seconds / 2)
        try:
            return work()
        except SolgraphError as error:
            error.__context__ = error.__cause__ = None
            return error.with_traceback(None)
        except Exception:  # noqa: BLE001  (the last place to log it)
            _log.exception("An assistant's request failed")
        finally:
            self._free.release()
        return SolgraphError("Something unexpected happened; see the log of the server.")

    async def _or_refusal(self, work: Callable[[], Value]) -> Value:
        """What some work gives. Raises :class:`MCPError` with the sentence of an error."""
        outcome = await self._in_thread(work)
        if isinstance(outcome, SolgraphError):
            raise MCPError(types.INVALID_PARAMS, message(outcome))
        return outcome

    # Tools

    async def list_tools(self, _: Context, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(self, _: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """The reply of a tool; what a person can mend is a sentence for the assistant, not an error of the protocol."""
        if not (tool := TOOLS.get(params.name)):
            raise _unknown("tool", params.name, TOOLS)
        outcome = await self._in_thread(lambda: call(self.kg, tool, params.arguments or {}))
        if isinstance(outcome, SolgraphError):
            return types.CallToolResult(content=[_text(message(outcome))], is_error=True)
        return types.CallToolResult(content=[_text(outcome.text)], structured_content=outcome.values)

    # Resources

    async def list_resources(self, _: Context, __: Any) -> types.ListResourcesResult:
        documents = await self._or_refusal(lambda: resources.documents(self.kg))
        listed = [types.Resource(uri=each.address, **_words_of(each)) for each in documents]
        return types.ListResourcesResult(resources=listed)

    async def list_templates(self, _: Context, __: Any) -> types.ListResourceTemplatesResult:
        listed = [types.ResourceTemplate(uri_template=each.address, **_words_of(each)) for each in resources.TEMPLATES]
        return types.ListResourceTemplatesResult(resource_templates=listed)

    async def read_resource(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        address = str(params.uri)
        text, media_type = await self._or_refusal(lambda: resources.read(self.kg, address))
        content = types.TextResourceContents(uri=address, text=text, mime_type=media_type)
        return types.ReadResourceResult(contents=[content])

    # Prompts

    async def list_prompts(self, _: Context, __: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(
            prompts=[
                types.Prompt(
                    name=prompt.name,
                    title=prompt.title,
                    description=prompt.description,
                    arguments=[
                        types.PromptArgument(name=name, description=meaning, required=name in prompt.required)
                        for name, meaning in prompt.arguments.items()
                    ],
                )
                for prompt in PROMPTS.values()
            ]
        )

    async def get_prompt(self, _: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        if not (prompt := PROMPTS.get(params.name)):
            raise _unknown("prompt", params.name, PROMPTS)
        text = await self._or_refusal(lambda: written(self.kg, prompt, params.arguments or {}))
        messages = [types.PromptMessage(role="user", content=_text(text))]
        return types.GetPromptResult(description=prompt.description, messages=messages)

    async def complete(self, _: Context, params: types.CompleteRequestParams) -> types.CompleteResult:
        """Names and slugs that begin with what somebody has typed."""
        name, text = params.argument.name, params.argument.value
        beginning = f"{ID}city/"
        if isinstance(params.ref, types.ResourceTemplateReference):
            chosen = (params.context and params.context.arguments) or {}
            root = VOCAB if params.ref.uri.startswith(VOCAB) else ID
            beginning = root + "".join(f"{chosen[key]}/" for key in ("class", "scheme") if key in chosen)
        values = await self._or_refusal(lambda: resources.completed(self.kg, name, text, beginning))
        return types.CompleteResult(completion=types.Completion(values=values))


def _unknown(what: str, name: str, names: Any) -> MCPError:
    hint = did_you_mean(name, names) or f"There are {', '.join(names)}."
    return MCPError(types.INVALID_PARAMS, f"There is no {what} '{name[:100]}'. {hint}")


def _words_of(resource: resources.Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "title": resource.title,
        "description": resource.description,
        "mime_type": resource.media_type,
    }


def _text(text: str) -> types.TextContent:
    return types.TextContent(text=text)


def _described(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=hints,
    )
