"""What crawlers read first: which pages there are, and which addresses are not for them."""

from collections.abc import Iterable
from html import escape

#: Addresses that lead to ever more answers, or to other forms of what there is.
CLOSED = ("/sparql", "/editor/", "/reconcile", "/language/", "/compare", "/search", "/ask", "/explore?", "/explore.")


def sitemap_xml(addresses: Iterable[str]) -> str:
    """A sitemap of pages; their other languages are named by the pages themselves."""
    lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{lines}</urlset>\n'


def robots_txt(root: str, closed: Iterable[str] = ()) -> str:
    """Everything is open but the ``closed`` addresses; the sitemap lies at the root."""
    rules = "".join(f"Disallow: {path}\n" for path in closed) or "Allow: /\n"
    return f"User-agent: *\n{rules}\nSitemap: {root}/sitemap.xml\n"
