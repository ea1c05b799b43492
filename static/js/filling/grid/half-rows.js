// Rows that a paste would fill in part: a new name beside the amount or the goal of another.

import { ask } from "./asking.js";
import { controlIn, controlsOf } from "./rows.js";

/** The labels of what would stay in the rows that get another name, and how many rows these are. */
export function whatStays(rows, texts, columns) {
  const labels = new Set();
  let count = 0;
  rows.forEach((row, i) => {
    const name = controlIn(row, "name")?.value.trim();
    if (!texts[i]?.name || !name || name === texts[i].name) return;
    const kept = controlsOf(row).filter((control) => stays(control, columns));
    for (const control of kept) labels.add(control.closest("td").dataset.label);
    if (kept.length) count += 1;
  });
  return { labels: [...labels], count };
}

function stays(control, columns) {
  return !["links", "level"].includes(control.dataset.kind) && !columns.includes(control.dataset.field) && control.value.trim() !== "";
}

/** "new": as new rows, "keep": over the old ones, null: not at all. */
export function askAbout({ labels, count }) {
  const line = `有 ${count} 行要换成别的名称，而粘贴的内容里没有：${labels.join("、")}。覆盖的话，这些栏仍是原来的内容。`;
  return ask("粘贴的内容缺少一些列", [line], [["new", "作为新行添加"], ["keep", "覆盖，并保留这些栏的原值"]]);
}
