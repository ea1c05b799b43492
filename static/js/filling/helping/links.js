// Which tasks an indicator measures: ids in a hidden control, drawn as a button that opens the list of tasks.

import { cellOf } from "../grid/names.js";
import { controlIn } from "../grid/rows.js";

export class Links {
  /** `changes`: the queue, told again about links to a task that came back. */
  constructor(form, changes) {
    Object.assign(this, { form, changes });
    this.dialog = document.getElementById("links-dialog");
    this.there = new Set(tasks(form).map((task) => task.id));
    this.gone = new Set(); // tasks that were here and may come back by a step back
    this.frame = 0;
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-links-open]");
      if (button) this.open(button);
    });
    this.dialog.addEventListener("change", () => this.chosen());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.refresh();
  }

  /** Draws anew before the next picture, however many changes ask for it. */
  later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.refresh());
  }

  refresh() {
    const known = new Map(tasks(this.form).map((task) => [task.id, task]));
    const controls = [...this.form.querySelectorAll('input[data-kind="links"]')];
    for (const id of this.there) if (!known.has(id)) this.gone.add(id);
    const back = [...known.keys()].filter((id) => this.gone.delete(id));
    for (const control of controls) {
      if (back.some((id) => control.value.includes(id))) this.changes.set(control.name, control.value);
      draw(control, known);
    }
    this.there = new Set(known.keys());
  }

  open(button) {
    this.control = controlIn(button.closest("tr"), "tasks");
    const linked = new Set(this.control.value.split(" "));
    const all = tasks(this.form);
    const row = button.closest("tr");
    const name = controlIn(row, "name").value.trim();
    const number = row.querySelector("[data-number]").textContent;
    this.dialog.querySelector("[data-links-of]").textContent = `绩效指标第${number}项${name && `“${name}”`}衡量下列哪些任务？可以选多项。`;
    this.dialog.querySelector("[data-links-list]").replaceChildren(...all.map((task) => choice(task, linked.has(task.id))));
    this.dialog.querySelector("[data-links-none]").hidden = all.length > 0;
    this.dialog.showModal();
  }

  chosen() {
    const checked = [...this.dialog.querySelectorAll("input:checked")];
    this.control.value = checked.map((box) => box.value).join(" ");
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The text of a control for people to read: links by the names of their tasks, anything else as it is. */
export function readable(name, text) {
  if (cellOf(name)?.column !== "tasks") return text;
  const names = new Map(tasks(document).map((task) => [task.id, `${task.label} ${task.name}`]));
  const ids = text.split(" ").filter(Boolean);
  return ids.map((id) => names.get(id) ?? "已删除的任务").join("、");
}

/** [{ id, label, name }] of the tasks in the page, in order. */
function tasks(root) {
  return [...root.querySelectorAll('[data-rows="key_tasks"]')].flatMap((part) =>
    [...part.querySelectorAll("tbody > tr")].map((row, i) => ({
      id: row.dataset.row,
      label: `${"optional" in part.dataset ? "其他" : ""}任务${i + 1}`,
      name: controlIn(row, "name").value.trim(),
    })),
  );
}

function draw(control, known) {
  const button = control.parentElement.querySelector("[data-links-open]");
  const linked = control.value.split(" ").map((id) => known.get(id)).filter(Boolean);
  const number = control.closest("tr").querySelector("[data-number]").textContent;
  const words = linked.map(({ label, name }) => `${label} ${name}`.trim());
  const label = `第${number}项 对应任务：${words.join("、") || "未选择"}`;
  if (!button.hidden && button.getAttribute("aria-label") === label) return;
  button.hidden = false;
  button.setAttribute("aria-label", label);
  button.replaceChildren(...(words.length ? words.map(chip) : ["＋ 对应任务"]));
  button.classList.toggle("has-links", words.length > 0);
  control.parentElement.querySelector(".links-view")?.remove();
}

function chip(words) {
  const made = document.createElement("span");
  made.className = "chip";
  made.textContent = words;
  made.title = words;
  return made;
}

function choice({ id, label, name }, checked) {
  const item = document.createElement("li");
  const line = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: id, checked });
  line.append(box, ` ${label} ${name || "（未填名称）"}`);
  item.append(line);
  return item;
}
