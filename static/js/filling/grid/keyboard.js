// Excel's habits in the grids. Nothing happens while an input method is composing.

import { controlIn } from "./rows.js";

export function listenToKeys(form, grids) {
  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tr[data-row] [data-kind]");
    if (!cell || event.isComposing || event.keyCode === 229) return;
    const command = commandOf(event, cell);
    if (!command) return;
    event.preventDefault();
    command(grids, grids.partOf(cell), cell.closest("tr"), cell);
  });
}

function commandOf(event, cell) {
  const control = event.ctrlKey || event.metaKey;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step && event.altKey && !control) return (grids, part, row) => grids.move(part, row, step, cell);
  if (step && control && !event.altKey) return (_grids, _part, row) => go(row, cell, step);
  if (event.key !== "Enter" || event.shiftKey || event.altKey) return null;
  if (control) return addBelow;
  return cell.tagName === "INPUT" ? (_grids, _part, row) => go(row, cell, 1) : null;
}

function go(row, cell, step) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  const target = other && controlIn(other, cell.dataset.field);
  target?.focus();
  if (target?.tagName === "INPUT") target.select();
}

/** A row below, of the same category. */
function addBelow(grids, part, row) {
  const texts = {};
  for (const field of ["level1", "level2"]) if (controlIn(row, field)) texts[field] = controlIn(row, field).value;
  grids.focus(grids.add(part, texts, row));
}
