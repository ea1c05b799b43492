// What an earlier page left unsaved on this computer comes back: into the fields, to the server, with a word about it.
// It is sent with the version it started from, so whatever others saved since is merged or asked about as ever.

import { copiesOf, moment, remove } from "./copies.js";
import { growAll } from "../grid/fields.js";
import { controlsOf, makeRow, optionFor } from "../grid/rows.js";

const ANSWERS_WITHIN = 200;

export class Restorer {
  constructor({ form, changes, grids, saver, local }) {
    Object.assign(this, { form, changes, grids, saver, local });
    this.box = document.getElementById("restored");
    this.texts = []; // { name, text, before, label }
    this.backs = []; // functions that take rows back
    this.box.querySelector("[data-restored-keep]").addEventListener("click", () => this.close());
    this.box.querySelector("[data-restored-discard]").addEventListener("click", () => this.discard());
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("open-fill-pages") : null;
    this.channel?.addEventListener("message", ({ data }) => this.heard(data));
    this.open = new Set([local.page]); // pages that are open in other tabs keep their own
  }

  heard({ asks, open }) {
    if (asks) this.channel.postMessage({ open: this.local.page });
    if (open) this.open.add(open);
  }

  async run() {
    const copies = await this.left();
    if (!copies.length) return;
    this.grids.together(() => {
      for (const copy of copies) this.bring(copy);
    });
    if (this.texts.length || this.backs.length) {
      this.saver.version = Math.min(...copies.map((copy) => copy.version));
      growAll(this.form);
      this.say(copies.at(-1).at);
      this.saver.flush();
    }
    this.local.note();
    await this.local.done;
    await Promise.all(copies.map((copy) => remove(copy.page)));
  }

  async left() {
    try {
      const copies = await copiesOf(this.local.person, this.local.declaration);
      if (!copies.length || !this.channel) return copies;
      this.channel.postMessage({ asks: true });
      await new Promise((resolve) => setTimeout(resolve, ANSWERS_WITHIN));
      return copies.filter((copy) => !this.open.has(copy.page));
    } catch (error) {
      console.warn("nothing can be kept on this computer", error);
      return [];
    }
  }

  bring({ texts, rows, deleted, order }) {
    for (const key of deleted) this.removeRow(key.split(" ")[1]);
    for (const row of rows) this.bringRow(row);
    for (const text of texts) this.bringText(text);
    for (const [grid, ids] of order) this.bringOrder(grid, ids);
  }

  removeRow(id) {
    const row = document.getElementById(`row-${id}`);
    if (row) this.backs.push(this.grids.takeOut(this.grids.partOf(row), [row]));
  }

  /** A row that the server does not have (any more) is made again, whole. */
  bringRow({ id, part: name, texts }) {
    const part = this.grids.parts.find((each) => each.dataset.grid === name);
    if (!part || document.getElementById(`row-${id}`)) return;
    const row = makeRow(part, id);
    part.querySelector("tbody").append(row);
    this.grids.enter(part, row, texts);
    this.backs.push(() => row.isConnected && this.grids.takeOut(part, [row]));
    const controls = controlsOf(row).filter((control) => control.value);
    this.texts.push(...controls.map((control) => ({ label: this.changes.label(control.name), text: control.value })));
  }

  bringText({ name, text, base, label }) {
    const control = document.getElementById(name);
    if (!control || control.value === text || this.changes.has(name)) return;
    this.texts.push({ name, text, label, before: control.value });
    this.changes.saved.set(name, base);
    this.put(control, text);
  }

  bringOrder(grid, ids) {
    const now = this.grids.order(grid);
    const known = ids.filter((id) => now.includes(id));
    if (known.every((id, i) => id === now.filter((each) => ids.includes(each))[i])) return;
    for (const part of this.grids.parts.filter((each) => each.dataset.rows === grid)) {
      const rows = this.grids.rows(part);
      const place = (row) => (ids.indexOf(row.dataset.row) + 1 || ids.length + rows.indexOf(row) + 1);
      part.querySelector("tbody").append(...[...rows].sort((a, b) => place(a) - place(b)));
      this.grids.refresh(part);
    }
    this.changes.moved(grid);
    this.backs.push(() => {});
  }

  put(control, text) {
    optionFor(control, text);
    control.value = text;
    this.changes.set(control.name, text);
  }

  say(at) {
    this.box.querySelector("h2").textContent = `已恢复您 ${moment(at)} 在这台电脑上填写、当时没有保存的内容`;
    const count = this.texts.length ? `共 ${this.texts.length} 处，` : "";
    this.box.querySelector("[data-restored-lead]").textContent = `${count}已放回各栏，会自动保存。如果不需要，可以放弃，各栏恢复为之前保存的内容。`;
    const list = this.box.querySelector("[data-restored-list]");
    list.replaceChildren(...this.texts.flatMap(({ label, text }) => [element("dt", label), element("dd", text || "（空）")]));
    this.box.hidden = false;
  }

  /** Back to what was saved; the texts given up stay reachable on the server. */
  discard() {
    this.grids.together(() => {
      for (const { name, text, before } of this.texts) {
        const control = name && document.getElementById(name);
        if (!control || control.value !== text || this.changes.held.has(name)) continue;
        this.put(control, before);
        if (text) this.changes.giveUp(name, text);
      }
      for (const back of this.backs.reverse()) back();
    });
    this.saver.soon();
    this.close();
  }

  close() {
    this.texts = [];
    this.backs = [];
    this.box.hidden = true;
    document.getElementById("main").focus();
  }
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (tag === "dd") made.className = "written";
  return made;
}
