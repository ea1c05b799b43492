// The texts that gave way to somebody else's, and removed rows: fetched when asked for, put back with one press.

import { cellOf } from "../grid/names.js";
import { makeRow, optionFor } from "../grid/rows.js";

export class ReplacedTexts {
  constructor({ form, changes, grids, undo, changed }) {
    Object.assign(this, { form, changes, grids, undo, changed });
    this.box = document.getElementById("replaced");
    this.list = this.box.querySelector("[data-replaced-list]");
    this.box.addEventListener("toggle", () => this.load());
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-put-back]");
      if (button) this.putBack(button.dataset);
    });
  }

  async load() {
    if (!this.box.open) return;
    try {
      const response = await fetch(this.box.dataset.url);
      if (!response.ok || response.redirected) throw new TypeError(response.statusText);
      this.list.innerHTML = await response.text();
      for (const part of this.list.querySelectorAll("[data-scripted]")) part.hidden = false;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.list.textContent = "现在读不到这份清单，请稍后收起再展开一次。";
    }
  }

  putBack({ control: name, text, texts }) {
    if (texts) this.putRowBack(name, JSON.parse(texts));
    else this.putTextBack(name, text);
  }

  putTextBack(name, text) {
    const control = document.getElementById(name);
    if (!control) return this.undo.offer("这一栏所在的行已不在表中；可以先恢复那一行，或者复制这段内容");
    const before = control.value;
    this.write(control, text);
    control.focus();
    this.undo.offer(`已放回“${this.changes.label(name)}”`, () => this.write(control, before));
  }

  /** What stood there is kept in its turn. */
  write(control, text) {
    optionFor(control, text);
    control.value = text;
    this.changes.replace(control.name, text);
    this.changed();
  }

  putRowBack(name, { is_optional: isOptional, ...texts }) {
    const { grid, row: id } = cellOf(`${name}-x`);
    const there = document.getElementById(`row-${id}`);
    if (there) {
      this.grids.focus(there);
      return this.undo.offer("这一行已经在表中");
    }
    const part = this.grids.parts.find((each) => each.dataset.rows === grid && "optional" in each.dataset === Boolean(isOptional));
    const row = makeRow(part, id);
    const place = this.grids.placeFor(part, texts.level2);
    if (place) place.after(row);
    else part.querySelector("tbody").append(row);
    this.grids.enter(part, row, texts);
    this.grids.focus(row);
    this.undo.offer("已恢复一行", () => this.grids.takeOut(part, [row]));
  }
}
