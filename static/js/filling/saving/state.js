// What was typed and not yet saved. One queue; whatever is on its way is held until the server has it.

import { cellOf, labelOf } from "../grid/names.js";

const GRIDS = ["key_tasks", "indicators"];

class Batch {
  constructor() {
    this.texts = new Map(); // control name -> text
    this.rows = new Map(); // "grid row" -> values beyond its texts: a new row, or one that changed its kind
    this.deleted = new Map(); // "grid row" -> true
    this.order = new Set(); // grids whose rows moved
    this.over = new Set(); // controls whose stored text, somebody else's, is knowingly replaced
    this.dropped = new Map(); // control name -> own text given up for somebody else's
  }

  get empty() {
    return [this.texts, this.rows, this.deleted, this.order, this.dropped].every((part) => !part.size);
  }
}

export class Changes {
  /** `form` holds the controls; what they show at first is what the server has. */
  constructor(form) {
    this.form = form;
    this.touched = () => {}; // told after each change of what is unsaved
    this.waiting = new Batch();
    this.sent = null;
    this.refused = new Map(); // control name -> text the server would not take
    this.held = new Map(); // control name -> text that waits for the person to choose, somebody else having written there
    this.saved = new Map(); // control name -> text as the server has it
    this.known = new Set(); // rows the server has
    for (const control of form.querySelectorAll("[data-kind][name]")) this.saved.set(control.name, control.value);
    for (const row of form.querySelectorAll("tr[data-row]")) this.known.add(row.dataset.row);
  }

  set(name, text) {
    this.refused.delete(name);
    if (this.held.has(name)) this.held.set(name, text);
    else this.waiting.texts.set(name, text);
    this.touched();
  }

  /** The text stays on the page, unsent, until `release` or `drop`. */
  hold(name) {
    this.held.set(name, this.waiting.texts.get(name) ?? this.refused.get(name));
    this.waiting.texts.delete(name);
    this.refused.delete(name);
    this.touched();
  }

  /** What was held is sent, in place of the other's text, which the server keeps. */
  release(name) {
    const text = this.held.get(name);
    this.held.delete(name);
    this.replace(name, text);
  }

  /** A text that takes the place of one that somebody may miss. */
  replace(name, text) {
    this.waiting.over.add(name);
    this.set(name, text);
  }

  /** The person's own text is given up for what is stored; the server keeps it. */
  giveUp(name, text) {
    this.waiting.dropped.set(name, text);
    this.touched();
  }

  addRow(grid, row, values = {}) {
    const key = `${grid} ${row}`;
    this.waiting.deleted.delete(key);
    this.waiting.rows.set(key, { ...this.waiting.rows.get(key), ...values });
    this.waiting.order.add(grid);
    this.touched();
  }

  removeRow(grid, row) {
    const key = `${grid} ${row}`;
    this.waiting.rows.delete(key);
    for (const texts of [this.waiting.texts, this.refused, this.held]) {
      for (const name of [...texts.keys()]) if (cellOf(name)?.row === row) texts.delete(name);
    }
    this.waiting.deleted.set(key, true);
    this.touched();
  }

  moved(grid) {
    this.waiting.order.add(grid);
    this.touched();
  }

  drop(name) {
    this.held.delete(name);
    this.waiting.texts.delete(name);
    this.refused.delete(name);
    this.touched();
  }

  has(name) {
    return [this.waiting.texts, this.sent?.texts, this.refused, this.held].some((texts) => texts?.has(name));
  }

  isDeleted(grid, row) {
    return this.waiting.deleted.has(`${grid} ${row}`);
  }

  isMoved(grid) {
    return this.waiting.order.has(grid);
  }

  base(name, otherwise = "") {
    return this.saved.get(name) ?? otherwise;
  }

  /** Whether anything would be lost if the page were closed now. */
  pending() {
    return !this.waiting.empty || this.sent !== null || this.refused.size > 0 || this.held.size > 0;
  }

  waits() {
    return !this.waiting.empty;
  }

  /** Nothing is about to be sent or on its way: what others saved may be shown. */
  quiet() {
    return this.waiting.empty && this.sent === null;
  }

  /** Control name -> text of everything that is not saved. */
  unsavedTexts() {
    return new Map([...this.refused, ...(this.sent?.texts ?? []), ...this.waiting.texts, ...this.held]);
  }

  /** [label, text] of everything that is not saved. */
  unsent() {
    return [...this.unsavedTexts()].filter(([, text]) => text).map(([name, text]) => [this.label(name), text]);
  }

  /** Beyond texts: "grid row" of rows added and removed, and the grids whose order is not saved. */
  unsavedRows() {
    const batches = [this.sent, this.waiting].filter(Boolean);
    const deleted = new Set(batches.flatMap((batch) => [...batch.deleted.keys()]));
    for (const key of this.waiting.rows.keys()) deleted.delete(key);
    const rows = new Set(batches.flatMap((batch) => [...batch.rows.keys()]).filter((key) => !deleted.has(key)));
    return { rows: [...rows], deleted: [...deleted], order: [...new Set(batches.flatMap((batch) => [...batch.order]))] };
  }

  label(name) {
    const control = document.getElementById(name);
    return control ? labelOf(control) : "";
  }

  /** Everything that waits, as the body of a save; `order(grid)` gives the ids of its rows as they stand. */
  take(version, order) {
    const batch = this.waiting;
    this.waiting = new Batch();
    this.sent = batch;
    const body = { version, fields: {}, rows: {}, order: {}, deleted: {} };
    for (const [key, values] of batch.rows) Object.assign(rowIn(body, ...key.split(" ")), values);
    for (const [name, text] of batch.texts) {
      const cell = cellOf(name);
      if (cell) rowIn(body, cell.grid, cell.row)[cell.column] = text;
      else body.fields[name] = text;
    }
    for (const key of batch.deleted.keys()) {
      const [grid, row] = key.split(" ");
      (body.deleted[grid] ??= []).push(row);
    }
    for (const grid of GRIDS) if (batch.order.has(grid)) body.order[grid] = order(grid);
    if (batch.over.size) body.over = [...batch.over];
    if (batch.dropped.size) body.dropped = Object.fromEntries(batch.dropped);
    return body;
  }

  /** The server has what was sent: `values` are its texts, `refused` the controls whose text it would not take. */
  confirm(values, refused) {
    for (const name of Object.keys(refused)) {
      if (this.sent.texts.has(name) && !this.waiting.texts.has(name)) this.refused.set(name, this.sent.texts.get(name));
    }
    for (const [name, text] of Object.entries(values)) this.saved.set(name, text);
    for (const key of this.sent.rows.keys()) this.known.add(key.split(" ")[1]);
    for (const name of this.sent.texts.keys()) if (cellOf(name)) this.known.add(cellOf(name).row);
    for (const key of this.sent.deleted.keys()) this.forget(key.split(" ")[1]);
    this.sent = null;
    this.touched();
  }

  /** The server has this row no more: should it come back, all of it is new. */
  forget(row) {
    this.known.delete(row);
    for (const name of [...this.saved.keys()]) if (cellOf(name)?.row === row) this.saved.delete(name);
  }

  /** It did not arrive: it waits again, behind what was typed since. Returns control name -> text as it was sent. */
  putBack() {
    const { waiting, sent } = this;
    if (!sent) return new Map();
    for (const [name, text] of sent.texts) if (!waiting.texts.has(name) && !this.gone(name)) waiting.texts.set(name, text);
    for (const [key, values] of sent.rows) if (!waiting.deleted.has(key)) waiting.rows.set(key, { ...values, ...waiting.rows.get(key) });
    for (const key of sent.deleted.keys()) if (!waiting.rows.has(key)) waiting.deleted.set(key, true);
    for (const grid of sent.order) waiting.order.add(grid);
    for (const name of sent.over) waiting.over.add(name);
    for (const [name, text] of sent.dropped) if (!waiting.dropped.has(name)) waiting.dropped.set(name, text);
    this.sent = null;
    return sent.texts;
  }

  gone(name) {
    const cell = cellOf(name);
    return cell !== null && this.isDeleted(cell.grid, cell.row);
  }
}

export function rowIn(body, grid, row) {
  body.rows[grid] ??= {};
  return (body.rows[grid][row] ??= {});
}
