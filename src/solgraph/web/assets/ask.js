// On a site of files: a saved query asked with the values of its form, here in the browser.
"use strict";
{
const form = document.querySelector("form[data-query]"), status = document.getElementById("asked-status"), place = document.getElementById("asked");
const { query, running, rows, yes, no, lost, columns } = form.dataset, heads = JSON.parse(columns);

const given = () => Object.fromEntries([...new Set([...new FormData(form).keys()])].map((name) => [name, new FormData(form).getAll(name)]));

async function run() {
  document.getElementById("answer")?.parentElement.remove(); // that to the example
  place.replaceChildren();
  status.className = "";
  status.textContent = running;
  try {
    const text = await solgraphEngine.bind(query, given());
    const answer = await solgraphEngine.answer(text);
    await show(answer, text);
  } catch (error) {
    status.className = "fault";
    status.textContent = error instanceof solgraphEngine.Fault ? error.message : lost;
  }
}

async function show({ type, text }, sparql) {
  const results = type.includes("json") ? JSON.parse(text) : { boolean: undefined };
  if ("boolean" in results) {
    status.textContent = results.boolean === undefined ? "" : results.boolean ? yes : no;
    if (results.boolean === undefined) place.append(Object.assign(document.createElement("pre"), { textContent: text }));
    return;
  }
  status.textContent = rows.replace("{count}", results.results.bindings.length);
  place.append(await table(results), offer(sparql));
}

async function table({ head, results }) {
  const made = document.createElement("table"), top = made.createTHead().insertRow(), body = made.createTBody();
  made.className = "answer";
  made.dataset.sort = form.dataset.sort;
  const names = head.vars.filter((name) => results.bindings.some((row) => row[name])); // what is empty says nothing
  for (const name of names) top.append(Object.assign(document.createElement("th"), { scope: "col", textContent: heads[name] ?? name }));
  const iris = results.bindings.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri").map((term) => term.value);
  const labels = await solgraphEngine.labels(iris);
  for (const row of results.bindings.slice(0, 2000)) {
    const line = body.insertRow();
    for (const name of names) {
      const cell = line.insertCell();
      cell.dataset.column = heads[name] ?? name;
      if (row[name]) cell.append(row[name].type === "uri" ? await link(row[name].value, labels) : row[name].value);
    }
  }
  sortable(made);
  const scroll = Object.assign(document.createElement("div"), { className: "scroll", tabIndex: 0 });
  scroll.append(made);
  return scroll;
}

async function link(iri, labels) {
  if (!/^https?:/.test(iri)) return iri;
  return Object.assign(document.createElement("a"), { href: await solgraphEngine.address(iri), textContent: labels.get(iri) ?? iri });
}

function offer(sparql) {
  const files = Object.assign(document.createElement("p"), { className: "actions" });
  for (const [title, media, ending] of [["CSV", "text/csv", "csv"], ["JSON", "application/sparql-results+json", "json"]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: title });
    button.addEventListener("click", async () => {
      const { text } = await solgraphEngine.answer(sparql, media);
      const to = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: media })), download: `${query}.${ending}` });
      to.click();
      URL.revokeObjectURL(to.href);
    });
    files.append(button, " ");
  }
  return files;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.replaceState(null, "", `?${new URLSearchParams([...new FormData(form)].filter(([, text]) => text))}`);
  run();
});

// The values of the address, also what a list does not offer.
function fill(name, text) {
  const field = form.elements[name];
  if (!field) return;
  const option = [...(field.options ?? [])].find((each) => each.value === text) ?? (field.options && field.appendChild(new Option(text)));
  if (option) option.selected = true;
  else (field.item?.(0) ?? field).value = text;
}

const asked = new URLSearchParams(location.search);
for (const [name, text] of asked) fill(name, text);
if (asked.size) run();
}
