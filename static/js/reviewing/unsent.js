// A declaration that cannot be filled in any more: what this person left unsaved on this computer is shown to be copied.

import { copiesOf, moment, remove } from "../filling/saving/copies.js";

const box = document.getElementById("unsent-here");
const { person, declaration } = box.dataset;

function linesOf({ texts, rows }) {
  const named = new Set(texts.map(({ name }) => name));
  const whole = rows.flatMap(({ id, texts: cells }) => Object.entries(cells).filter(([field, text]) => text && ![...named].some((name) => name.endsWith(`${id}-${field}`))));
  return [...texts.filter(({ text }) => text).map(({ label, text }) => `${label}：${text}`), ...whole.map(([, text]) => text)];
}

async function show() {
  const copies = await copiesOf(person, declaration);
  const lines = copies.flatMap(linesOf);
  if (!lines.length) return;
  box.querySelector("[data-unsent-lead]").textContent = `您 ${moment(copies.at(-1).at)} 在这台电脑上填写的下列内容没有保存。${box.dataset.lead}`;
  box.querySelector("textarea").value = lines.join("\n");
  box.hidden = false;
  box.querySelector("[data-unsent-discard]").addEventListener("click", async () => {
    await Promise.all(copies.map((copy) => remove(copy.page)));
    box.hidden = true;
  });
}

if ("indexedDB" in window) await show();
document.documentElement.dataset.unsent = "looked";
