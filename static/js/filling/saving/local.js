// The local copy of this page: written after each change of what is unsaved, removed when all is saved.

import { put, remove } from "./copies.js";
import { cellOf } from "../grid/names.js";
import { textsOf } from "../grid/rows.js";

export class LocalCopy {
  /** `page`: the identity of this open page. */
  constructor({ page, person, declaration, changes, grids, saver }) {
    Object.assign(this, { page, person, declaration, changes, grids, saver });
    this.due = false;
    this.done = Promise.resolve();
    this.works = true;
    changes.touched = () => this.note();
  }

  /** Something changed: written as soon as the write before it has ended. */
  note() {
    if (this.due || !this.works) return;
    this.due = true;
    this.done = this.done.then(() => this.write());
  }

  async write() {
    this.due = false;
    try {
      await (this.changes.pending() ? put(this.copy()) : remove(this.page));
    } catch (error) {
      this.works = false; // a private window, or no room: the page itself still holds everything
      console.warn("nothing can be kept on this computer", error);
    }
  }

  copy() {
    const { page, person, declaration } = this;
    const { rows, deleted, order } = this.changes.unsavedRows();
    const texts = [...this.changes.unsavedTexts()].map(([name, text]) => this.text(name, text));
    return {
      page, person, declaration, at: Date.now(), version: this.saver.version, texts, deleted,
      rows: this.rows(new Set([...rows.map((key) => key.split(" ")[1]), ...texts.map(({ name }) => cellOf(name)?.row)])),
      order: order.map((grid) => [grid, this.grids.order(grid)]),
    };
  }

  /** With the text that was there before, by which another person's change is told. */
  text(name, text) {
    return { name, text, base: this.changes.base(name), label: this.changes.label(name) };
  }

  /** Rows with something unsaved, whole: they may be gone when they are wanted again. */
  rows(ids) {
    const rows = [...ids].map((id) => id && document.getElementById(`row-${id}`)).filter(Boolean);
    return rows.map((row) => ({ id: row.dataset.row, part: this.grids.partOf(row).dataset.grid, texts: textsOf(row) }));
  }
}
