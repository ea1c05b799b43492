// Ctrl+V in the form: a block of cells fills rows from the cursor on, or fields by their labels, with one step back.

import { leftWords, understand } from "./block.js";
import { cellsOf, readClipboard } from "./clipboard.js";
import { askAbout, whatStays } from "./half-rows.js";
import { labelKey, planPaste } from "./paste.js";
import { pasteFields } from "./paste-fields.js";
import { controlIn, textsOf } from "./rows.js";
import { compareForm, offerForm } from "./whole-form.js";

const vocabulary = JSON.parse(document.getElementById("levels").textContent);
const levels = Object.fromEntries(Object.entries(vocabulary).map(([spelling, pair]) => [labelKey(spelling), pair]));
let turn = Promise.resolve();
let pending = 0;

export function listenToPaste(form, grids, saver) {
  const page = { form, grids, saver };
  form.addEventListener("paste", (event) => {
    const part = event.target.closest("[data-grid]");
    const cell = event.target.closest("[data-kind]");
    if (!part && !cell) return;
    const clip = readClipboard(event.clipboardData);
    const found = { ...cellsOf(clip, cell?.dataset.kind), clip };
    if (found.isBlock || (!cell && clip.text.trim())) {
      event.preventDefault();
      inTurn(form, () => pasteBlock(page, { part, cell }, found));
    } else if (found.isTable && cell) {
      event.preventDefault(); // one cell: without the line break and the quotes that Excel puts around it
      document.execCommand("insertText", false, found.rows.flat().find((text) => text.trim()) ?? "");
    }
  });
}

/** One paste after the other; the form is busy until the last is done. */
function inTurn(form, work) {
  pending += 1;
  form.setAttribute("aria-busy", "true");
  turn = turn.then(work, work).finally(() => {
    pending -= 1;
    if (!pending) form.removeAttribute("aria-busy");
  });
}

async function pasteBlock(page, place, found) {
  const { grids } = page;
  const answer = await meaningOf(page, place, found);
  if (answer === null) return;
  if (answer && !answer.rows.length && !Object.keys(answer.fields).length && place.part) {
    grids.undo.show(whyNothing(answer), false);
  } else if (!place.part || (answer && !answer.rows.length)) {
    await pasteFields(page, place, answer, found);
  } else {
    await pasteRows(page, place, answer ?? localAnswer(place, found.rows), found.hidden);
  }
}

/** What the server makes of a block; null where nothing is to be pasted, undefined where it cannot be asked. */
async function meaningOf({ form, saver, grids }, { part, cell }, found) {
  const field = cell?.dataset.field ?? (part ? columnsOf(part)[0].field : "");
  const asked = { rows: found.rows, grid: part?.dataset.grid ?? "", field };
  const answer = await understand(form.dataset.block, asked, ({ department }) => department === null);
  if (!answer || answer.department === null) return answer;
  const choice = await offerForm(answer, part && labelOf(part));
  if (choice === "rows") return understand(form.dataset.block, asked);
  if (choice === "compare") {
    await saver.flush();
    const why = await compareForm(form.dataset.upload, found.clip, found.isTable);
    if (why) grids.undo.show(why, false);
  }
  return null;
}

function labelOf(part) {
  return document.getElementById(`title-${part.dataset.grid}`)?.textContent.replace(/\s|^\d+、/g, "") || "本表格";
}

function whyNothing({ elsewhere, other_form: other }) {
  if (elsewhere.length) return `未粘贴：这是“${elsewhere[0][0]}”的行，请粘贴到那个表格中`;
  if (other) return `未粘贴：这是${other}，不是部门整体预算绩效目标申报表`;
  return "未粘贴：没有可以填入本表格的行";
}

/** By the labels that stand on the page, where the server cannot be asked. */
function localAnswer({ part, cell }, block) {
  const columns = columnsOf(part);
  const { rows, surplus } = planPaste(block, { columns, levels, start: cell?.dataset.field ?? columns[0].field });
  const fields = [...new Set(rows.flatMap(Object.keys))];
  return { rows, columns: fields, surplus: Math.max(0, surplus), skipped: [], lines: [], elsewhere: [], has_head: false, isLocal: true };
}

async function pasteRows({ grids }, { part, cell }, answer, hidden) {
  let row = cell?.closest("tr") ?? null;
  const stays = whatStays(rowsFrom(row, answer.rows.length), answer.rows, answer.columns);
  const isPartly = answer.has_head || answer.skipped.length > 0 || answer.surplus > 0;
  if (stays.count && isPartly) {
    const choice = await askAbout(stays);
    if (choice === null) return;
    if (choice === "new") row = null;
  }
  if (!answer.rows.length) return;
  const { added, overwritten } = grids.together(() => write(grids, part, row, answer.rows));
  const kept = row && stays.count ? `；${stays.labels.join("、")}保留原值` : "";
  const local = answer.isLocal ? "；没有连接，只按本页的列标题识别" : "";
  const words = `已粘贴 ${answer.rows.length} 行${kept}${leftWords(answer, hidden)}${local}`;
  grids.undo.offer(words, () => takeBack(grids, part, added, overwritten));
}

function rowsFrom(row, count) {
  const rows = [];
  for (let each = row; each && rows.length < count; each = each.nextElementSibling) rows.push(each);
  return rows;
}

function columnsOf(part) {
  const controls = part.querySelector("template[data-blank]").content.querySelectorAll('[data-kind]:not([data-kind="links"])');
  return [...controls].map((control) => {
    const label = control.closest("td").dataset.label;
    return { field: control.dataset.field, label, unit: control.dataset.unit ?? "" };
  });
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
  return { added, overwritten };
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
