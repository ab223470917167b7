// Choices without a new page: the part that changes is fetched and put in place. Without this, every link is a page.
"use strict";

const ROOT = "explorer";

let cell = document.querySelector(".matrix .cell[aria-current]")?.href ?? "";

function state(root) {
  return new Map([...root.querySelectorAll("details[data-name]")].map((part) => [part.dataset.name, part.open]));
}

async function show(address, push) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) return void (location.href = address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const root = document.getElementById(ROOT), next = page.getElementById(ROOT);
  if (!next) return void (location.href = address);
  const open = state(root), narrow = root.querySelector(".narrow").open;
  const focus = document.activeElement?.closest("a")?.textContent;
  root.replaceWith(next);
  for (const part of next.querySelectorAll("details[data-name]")) if (open.has(part.dataset.name)) part.open = open.get(part.dataset.name);
  next.querySelector(".narrow").open = narrow;
  document.title = page.title;
  if (push) history.pushState(null, "", address);
  const opened = next.querySelector(".matrix .cell[aria-current]"), panel = next.querySelector(".drawer");
  if (panel) panel.focus();
  else if (cell) [...next.querySelectorAll(".matrix .cell")].find((link) => link.href === cell)?.focus();
  cell = opened ? opened.href : "";
  if (!panel && focus) [...next.querySelectorAll("a")].find((link) => link.textContent === focus)?.focus({ preventScroll: true });
}

function narrowed(event) {
  const link = event.target.closest(`#${ROOT} :is(.facets, .tabs, .chosen, .turn, .close, .matrix thead) a, #${ROOT} .matrix a.cell[rel]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href, true).catch(() => { location.href = link.href; });
}

function submitted(event) {
  const form = event.target.closest(`#${ROOT} form`);
  if (!form) return;
  event.preventDefault();
  const words = new URLSearchParams([...new FormData(form)].filter(([, text]) => text));
  const address = `${form.action}?${words}`;
  show(address, true).catch(() => { location.href = address; });
}

if (matchMedia("(max-width: 60rem)").matches) document.querySelector(`#${ROOT} .narrow`).open = false;
if (!document.querySelector(".start")) { // the home page leads to the explorer, whose heading and menu are others
  document.addEventListener("click", narrowed);
  document.addEventListener("submit", submitted);
  addEventListener("popstate", () => show(location.href, false));
}
