// On a site of files: a saved query asked with the values of its form, here in the browser.
"use strict";
{
const form = document.querySelector("form[data-query]"), status = document.getElementById("asked-status"), place = document.getElementById("asked");
const { query, running, rows, yes, no, lost } = form.dataset;

const given = () => Object.fromEntries([...new Set([...new FormData(form).keys()])].map((name) => [name, new FormData(form).getAll(name)]));

async function run() {
  document.getElementById("example")?.remove();
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
  } else {
    const shown = await solgraphAnswer.gathered(query, results);
    const most = solgraphAnswer.MOST, part = shown.rows.length > most ? ` ${form.dataset.part.replace("{last}", most)}` : "";
    status.textContent = shown.rows.length ? rows.replace("{count}", shown.rows.length) + part : form.dataset.nothing;
    if (shown.rows.length) place.append(await solgraphAnswer.table(shown, form.dataset));
  }
  const notes = type.includes("json") ? await solgraphAnswer.notes(query, given(), results) : [];
  if (notes.length) place.append(await solgraphAnswer.list(notes, form.dataset.notes));
  place.append(offer(sparql));
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
  const option = [...(field.options ?? [])].find((each) => each.value === text || each.textContent === text) ?? (field.options && field.appendChild(new Option(text)));
  if (option) option.selected = true;
  else (field.item?.(0) ?? field).value = text;
}

const asked = new URLSearchParams(location.search);
for (const [name, text] of asked) fill(name, text);
if (asked.size) run();
}
