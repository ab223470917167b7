// Evidence beside the page: what a mark leads to is fetched and shown in a drawer. Without this, every mark is a link.
"use strict";
{ // names of its own, as the scripts of a page share theirs
const words = document.currentScript.dataset;
const MARKS = "main :is(a.mark, .src a, details a[href*='/doc/passage/'])";
let opener = null, turn = 0;

// The same page as without a drawer, but for its navigation; names of places are those of the page below.
function evidence(page, address) {
  const main = page.getElementById("main");
  for (const part of main.querySelectorAll("nav, .locator, .iri")) part.remove();
  for (const attribute of ["id", "aria-labelledby"])
    for (const part of main.querySelectorAll(`[${attribute}]`)) part.removeAttribute(attribute);
  for (const link of main.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), address).href;
  const heading = document.createElement("h2"), link = document.createElement("a"), title = main.querySelector("h1");
  link.href = address;
  link.textContent = title.textContent;
  heading.append(link);
  title.replaceWith(heading);
  return main.childNodes;
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
  const response = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(response.statusText);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (mine !== turn) return;
  const panel = drawer();
  panel.lastChild.replaceChildren(...evidence(page, link.href));
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
  open(link).catch(() => { location.href = link.href; });
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && opener) shut();
});
}
