// Suggestions below the search field: names in all languages, accents optional. Without this the form works as it is.
"use strict";

const fold = (text) =>
  text.toLowerCase().replace(/ł/g, "l").replace(/ø/g, "o").replace(/[đð]/g, "d").replace(/æ/g, "ae").replace(/œ/g, "oe")
    .replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

function closeness(name, wanted) {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(" " + wanted) ? 2 : name.includes(wanted) ? 3 : 9;
}

class Suggestions {
  constructor(field) {
    this.field = field;
    this.chosen = -1;
    this.found = [];
    this.list = document.createElement("ul");
    this.list.id = "suggestions";
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.found);
    field.form.append(this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      field.setAttribute(name, value);
    field.addEventListener("input", () => this.suggest());
    field.addEventListener("keydown", (event) => this.steer(event));
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    field.form.addEventListener("submit", (event) => this.submit(event));
  }

  async names() {
    if (!this.loading) {
      const address = new URL(this.field.dataset.names, document.baseURI);
      this.loading = fetch(address).then((answer) => answer.json()).then(({ kinds, things }) =>
        things.flatMap(([where, kind, ...names]) => names.map((name) =>
          ({ name, folded: fold(name), where: new URL(where, address).href, kind: kinds[kind] }))));
    }
    return this.loading;
  }

  async suggest() {
    const wanted = fold(this.field.value);
    if (!wanted) return this.close();
    const names = await this.names().catch(() => []);
    if (fold(this.field.value) !== wanted) return;
    const seen = new Set();
    this.found = names.map((one, place) => ({ ...one, rank: closeness(one.folded, wanted) * 1e5 + place }))
      .filter((one) => one.rank < 9e5).sort((a, b) => a.rank - b.rank)
      .filter((one) => !seen.has(one.where) && seen.add(one.where)).slice(0, 8);
    this.show();
  }

  show() {
    this.chosen = -1;
    this.list.replaceChildren(...this.found.map((one, place) => {
      const item = document.createElement("li");
      const kind = document.createElement("small");
      item.id = "suggestion-" + place;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      kind.textContent = one.kind;
      item.append(one.name, kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = one.where; });
      return item;
    }));
    this.list.hidden = !this.found.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.found = [];
    this.show();
  }

  steer(event) {
    if (event.key === "Escape") return this.close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      location.href = this.found[this.chosen].where;
    }
    if (!step || !this.found.length) return;
    event.preventDefault();
    this.chosen = (this.chosen + step + this.found.length) % this.found.length;
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === this.chosen)));
    this.field.setAttribute("aria-activedescendant", "suggestion-" + this.chosen);
  }

  async submit(event) {
    if (!this.field.dataset.static) return;
    event.preventDefault();
    await this.suggest();
    if (this.found.length) location.href = this.found[0].where;
  }
}

const field = document.getElementById("q");
if (field) new Suggestions(field);
