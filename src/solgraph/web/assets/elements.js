// On a site of files: the cities, elements, marks of networks and files to take along.
"use strict";
var solgraphElements = (() => {
const append = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value);
  element.append(...children.map((child) => child ?? ""));
  return element;
};
const make = (tag, attributes = {}, ...children) => append(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) => append(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Records hold the places of cities in this list.
const cities = solgraphExplorer.cities.map(([slug, name, href, country, text, initiatives, findings, point]) => ({ slug, name, href, country: solgraphExplorer.facets.country[country], text, initiatives, findings, point }));
const name = (city) => cities[city].name, slug = (city) => cities[city].slug;
const folded = new Map(), key = (name) => folded.get(name) ?? folded.set(name, fold(name)).get(name);
const byName = (one, other) => Number(key(one) > key(other)) - Number(key(one) < key(other));
const cityLink = (city) => make("a", { href: cities[city].href }, name(city));

// By layer and certainty, in the order of the template.
const mark = (layer, certainty) => document.getElementById("marks").content.children[3 * layer + certainty].cloneNode(true);

const csv = (rows) => rows.map((row) => row.map((value) => (/[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value)).join(",") + "\r\n").join("");

function save(file, text) {
  const to = make("a", { href: URL.createObjectURL(new Blob([text], { type: file.endsWith("csv") ? "text/csv" : "application/xml" })), download: file });
  to.click();
  URL.revokeObjectURL(to.href);
}

// What is chosen stays chosen in another language.
function translate() {
  for (const link of document.querySelectorAll(".tongues a")) link.search = location.search;
}

return { cities, name, slug, byName, cityLink, append, make, draw, mark, csv, save, translate };
})();
