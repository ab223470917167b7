"""The body of a request and the parameters in it, read within bounds."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from solgraph.web.problems import Problem

MAX_BYTES = 2**20
FORM = "application/x-www-form-urlencoded"


async def read_body(request: Request) -> bytes:
    """The body. Raises :class:`Problem` 413 as soon as it is too long."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        refuse_long(size)
    return b"".join(parts)


def refuse_long(size: int) -> None:
    """Raise :class:`Problem` 413 for more bytes than a query may have."""
    if size > MAX_BYTES:
        raise Problem(413, detail=f"A query may have {MAX_BYTES:,} bytes.", hint="Ask in parts.")


def parameters_of(text: bytes) -> list[tuple[str, str]]:
    """The names and values of a form or an address. Raises :class:`Problem` 400."""
    try:
        return parse_qsl(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise Problem(400, detail="The parameters are not in UTF-8.") from error
    except ValueError as error:
        raise Problem(400, detail="There are more than 1,000 parameters.") from error


def media_type_of(content_type: str) -> str:
    """The media type of a header Content-Type, without its parameters."""
    return content_type.partition(";")[0].strip().lower()
