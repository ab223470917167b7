// Keys in a matrix: arrows lead to the next cell, Escape closes what stands behind one.
"use strict";
{
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// To the next cell that holds a link, in the direction of the arrow.
function moved(event) {
  if (event.key === "Escape" && !document.getElementById("evidence")) document.querySelector(".drawer .close a")?.click();
  const here = event.target.closest(".matrix .cell")?.parentElement, move = MOVES[event.key];
  if (!here || !move) return;
  const rows = here.closest("tbody").rows;
  let row = here.parentElement.sectionRowIndex, column = here.cellIndex, link;
  do {
    row += move[0];
    column += move[1];
    link = rows[row]?.cells[column]?.querySelector(".cell");
  } while (!link && rows[row]?.cells[column]);
  if (!link) return;
  event.preventDefault();
  link.focus();
}

document.addEventListener("keydown", moved);
}
