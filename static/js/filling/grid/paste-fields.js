// A block pasted into the single values of the form: each goes where its label says.

import { ask } from "./asking.js";
import { leftWords } from "./block.js";
import { labelOf } from "./names.js";

const NO_LABEL = "未粘贴：没有栏目名称，看不出填到哪一栏。请连同左边的名称一起复制，或逐栏粘贴";
const NO_CONNECTION = "未粘贴：没有连接，认不出各栏的名称。请逐栏粘贴，或恢复连接后再试";

export async function pasteFields({ form, grids }, { part, cell }, answer, found) {
  const names = Object.keys(answer?.fields ?? {}).filter((name) => form.elements[name]?.dataset?.kind);
  if (!names.length) {
    nothing(grids, cell, answer, found);
    return;
  }
  const labels = names.map((name) => labelOf(form.elements[name])).join("、");
  if (part && !(await ask("这一块是单项内容，不是表格的行", [`填入相应的栏目：${labels}`], [["fill", "填入"]]))) return;
  const before = new Map(names.map((name) => [name, form.elements[name].value]));
  for (const name of names) put(grids, form.elements[name], answer.fields[name]);
  grids.changed();
  grids.undo.offer(`已填入 ${names.length} 栏：${labels}${leftWords(answer, found.hidden)}`, () => {
    for (const name of names) if (form.elements[name].value === answer.fields[name]) put(grids, form.elements[name], before.get(name));
    grids.changed();
  });
}

/** Running text takes the block as text; a number says why it does not. */
function nothing(grids, cell, answer, { clip }) {
  if (cell?.dataset.kind === "text") {
    cell.focus();
    document.execCommand("insertText", false, clip.text);
  } else grids.undo.show(answer ? NO_LABEL : NO_CONNECTION, false);
}

function put(grids, control, text) {
  control.value = text;
  grids.changes.set(control.name, text);
  control.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}
