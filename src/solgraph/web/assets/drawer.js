// Evidence beside the page: what a mark leads to is fetched and shown in a drawer. Without this, every mark is a link.
"use strict";
{ // names of its own, as the scripts of a page share theirs
const words = document.currentScript.dataset;
const MARKS = "main a:is(.mark, .evidence-of, :is([href*='/doc/passage/'], [href*='#passage/']):not(h2 > a, h3 > a, h4 > a))";
const NAMES = ["id", "aria-labelledby", "data-copy"];
let opener = null, turn = 0;

// What a link opens: the claim behind which it or its row stands, the source of a footnote, or what it leads to, also in a drawing.
const source = (link) => document.getElementById(link.hash?.slice(1))?.closest(".notes > li")?.querySelector("a") ?? link;
const address = (link) => new URL(link.closest("[data-claim]")?.dataset.claim ?? link.href.baseVal ?? source(link).href, location.href).href;

// The evidence of a page: what the address names, the claim, or the page but for its navigation. Names of places get
// others than those of the page below.
function evidence(page, where) {
  const main = page.getElementById("main"), hash = decodeURIComponent(new URL(where).hash.slice(1));
  const place = hash ? page.getElementById(hash) : null; // on a site of files a document is one of several on a page
  const part = place?.closest("article.document") || place?.querySelector(".evidence") || place || main.querySelector(".evidence") || main;
  for (const each of part.querySelectorAll("nav, .locator, .iri")) each.remove();
  for (const name of NAMES)
    for (const each of part.querySelectorAll(`[${name}]`)) each.setAttribute(name, `evidence-${each.getAttribute(name)}`);
  for (const link of part.querySelectorAll("[href]")) link.setAttribute("href", new URL(link.getAttribute("href"), where).href);
  head(part, where);
  return part === main ? part.childNodes : [part];
}

// A heading of the second level that leads to the page itself.
function head(part, where) {
  const title = part.querySelector("h1, h2") ?? part.querySelector(":scope > h3"), heading = document.createElement("h2"), link = document.createElement("a");
  if (title?.querySelector("a")) return;
  link.href = where;
  link.textContent = title?.textContent ?? words.heading;
  heading.append(link);
  if (title?.id) heading.id = title.id;
  if (title) title.replaceWith(heading);
  else part.prepend(heading);
}

function drawer() {
  const found = document.getElementById("evidence");
  if (found) return found;
  const made = document.createElement("aside"), close = document.createElement("button");
  Object.assign(made, { id: "evidence", className: "drawer", tabIndex: -1 });
  made.setAttribute("aria-label", words.heading);
  Object.assign(close, { type: "button", textContent: "✕" });
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", shut);
  made.append(close, document.createElement("div"));
  document.getElementById("main").after(made);
  return made;
}

async function open(link) {
  const mine = ++turn;
  const where = address(link), response = await fetch(where, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(response.statusText);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (mine !== turn) return;
  const panel = drawer();
  panel.lastChild.replaceChildren(...evidence(page, where));
  opener?.removeAttribute("aria-expanded");
  opener = link;
  opener.setAttribute("aria-expanded", "true");
  panel.scrollTop = 0;
  panel.focus({ preventScroll: true });
}

function shut() {
  turn++;
  document.getElementById("evidence")?.remove();
  opener?.removeAttribute("aria-expanded");
  opener?.focus();
  opener = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(MARKS);
  if (!link || location.protocol === "file:" || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  open(link).catch(() => { location.href = address(link); });
});

// Buttons that copy a text of the page or an address; without a clipboard they are not shown.
document.documentElement.classList.toggle("copies", Boolean(navigator.clipboard));
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-link]");
  if (!button) return;
  const { copy, copyLink, done } = button.dataset;
  await navigator.clipboard.writeText(copy ? document.getElementById(copy).textContent : new URL(copyLink, location.href).href);
  button.textContent = done;
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && opener) shut();
});
}
