"use strict";
// Answers: sort a table by a column. Without this script it is there, unsorted.

const bare = (text) => text.trim().replace(/^[(+]/, "");
const isNumber = (text) => text !== "" && Number.isFinite(Number(bare(text)));
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

function compared(one, other) {
  if (!one || !other) return one === other ? 0 : one ? -1 : 1; // what is empty comes last
  return isNumber(one) && isNumber(other) ? Number(bare(one)) - Number(bare(other)) : collator.compare(one, other);
}

function sort(table, column, header) {
  const down = header.getAttribute("aria-sort") === "ascending";
  for (const one of table.querySelectorAll("th[aria-sort]")) one.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const text = (row) => row.cells[column].textContent.trim();
  const rows = [...table.tBodies[0].rows].sort((one, other) => {
    const [first, second] = [text(one), text(other)];
    return first && second && down ? compared(second, first) : compared(first, second);
  });
  table.tBodies[0].append(...rows);
}

function sortable(table) {
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const cells = [...table.tBodies[0].rows].map((row) => row.cells[column]);
    if (cells.every((cell) => !cell.textContent.trim() || isNumber(cell.textContent)))
      for (const cell of [header, ...cells]) cell.classList.add("number");
    if (cells.length < 2) return;
    const button = document.createElement("button");
    button.type = "button";
    button.title = table.dataset.sort.replace("{column}", header.textContent);
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(table, column, header));
    header.append(button);
  });
}

for (const table of document.querySelectorAll("table.answer")) sortable(table);
// On a site of files, where its text would be as long again in the address.
for (const link of document.querySelectorAll("a[data-query]"))
  link.search = new URLSearchParams({ query: document.getElementById(link.dataset.query).textContent });
