// Ctrl+V in a grid: a block of cells fills rows from the cursor on and adds what is missing, with one step back.

import { isBlock, labelKey, parseBlock, planPaste } from "./paste.js";
import { controlIn, textsOf } from "./rows.js";

const vocabulary = JSON.parse(document.getElementById("levels").textContent);
const levels = Object.fromEntries(Object.entries(vocabulary).map(([spelling, pair]) => [labelKey(spelling), pair]));

export function listenToPaste(form, grids) {
  form.addEventListener("paste", (event) => {
    const part = event.target.closest("[data-grid]");
    if (!part) return;
    const text = event.clipboardData.getData("text/plain");
    const html = event.clipboardData.getData("text/html");
    const cell = event.target.closest("[data-kind]");
    if (isBlock(text, html) || (!cell && text.trim())) {
      event.preventDefault();
      pasteBlock(grids, part, cell, text);
    } else if (/<table[\s>]/i.test(html) && cell) {
      event.preventDefault(); // one cell: without the line break and the quotes that Excel puts around it
      document.execCommand("insertText", false, parseBlock(text)[0][0]);
    }
  });
}

export function pasteBlock(grids, part, cell, text) {
  const columns = [...part.querySelectorAll("template[data-blank]")[0].content.querySelectorAll('[data-kind]:not([data-kind="links"])')].map(columnOf);
  const plan = planPaste(parseBlock(text), { columns, levels, start: cell?.dataset.field ?? columns[0].field });
  if (!plan.rows.length) return;
  const { added, overwritten, last } = grids.together(() => write(grids, part, cell?.closest("tr") ?? null, plan.rows));
  grids.focus(last);
  const left = plan.surplus > 0 ? `；多出的 ${plan.surplus} 列没有位置，未粘贴` : "";
  grids.undo.offer(`已粘贴 ${plan.rows.length} 行${left}`, () => takeBack(grids, part, added, overwritten));
}

function columnOf(control) {
  const label = control.closest("td").dataset.label;
  return { field: control.dataset.field, label, unit: control.dataset.unit ?? "" };
}

function write(grids, part, row, rows) {
  const added = [];
  const overwritten = [];
  let last = null;
  for (const texts of rows) {
    if (row) overwritten.push([row, overwrite(grids, part, row, texts)]);
    else added.push((row = grids.add(part, texts, last ?? grids.rows(part).at(-1) ?? null)));
    last = row;
    row = row.nextElementSibling;
  }
  return { added, overwritten, last };
}

/** Writes texts into a row; returns { field: [text before, text now] }. */
function overwrite(grids, part, row, texts) {
  const before = textsOf(row);
  for (const [field, text] of Object.entries(texts)) grids.write(part, row, field, text);
  return Object.fromEntries(Object.keys(texts).map((field) => [field, [before[field], controlIn(row, field)?.value]]));
}

/** What was written again since the paste stays. */
function takeBack(grids, part, added, overwritten) {
  grids.together(() => {
    for (const [row, texts] of overwritten) {
      for (const [field, [before, pasted]] of Object.entries(texts)) {
        if (row.isConnected && controlIn(row, field)?.value === pasted) grids.write(part, row, field, before);
      }
    }
    grids.takeOut(part, added.filter((row) => row.isConnected));
  });
  if (overwritten.length) grids.focus(overwritten[0][0]);
}
