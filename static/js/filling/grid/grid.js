// The rows of the grids: added, copied, removed, moved. Every command ends as changes in the queue.

import { newId } from "./names.js";
import { growAll } from "./fields.js";
import { controlIn, controlsOf, makeRow, nameIn, numberRow, optionFor, textsOf } from "./rows.js";

export class Grids {
  constructor(form, changes, undo, changed) {
    Object.assign(this, { form, changes, undo, changed });
    this.parts = [...form.querySelectorAll("[data-grid]")];
    this.tell = changed;
    this.waitingParts = null; // while many rows change at once: the parts to refresh at the end
    this.changed = () => this.waitingParts ?? this.tell();
    form.addEventListener("click", (event) => this.clicked(event));
    for (const part of this.parts) {
      this.refresh(part);
      this.makeSortable(part);
    }
  }

  rows(part) {
    return [...part.querySelectorAll("tbody > tr")];
  }

  /** The ids of all rows of a grid, its optional part last. */
  order(grid) {
    return this.parts.filter((part) => part.dataset.rows === grid).flatMap((part) => this.rows(part).map((row) => row.dataset.row));
  }

  partOf(element) {
    return element.closest("[data-grid]");
  }

  clicked(event) {
    const button = event.target.closest("button");
    const part = button && this.partOf(button);
    if (!part) return;
    const row = button.closest("tr");
    const commands = {
      add: () => this.focus(this.add(part, this.levelsOf(button))),
      copy: () => this.focus(this.copy(part, row)),
      remove: () => this.remove(part, row),
      up: () => this.move(part, row, -1, button),
      down: () => this.move(part, row, 1, button),
    };
    const command = Object.keys(commands).find((name) => name in button.dataset);
    if (!command) return;
    event.preventDefault();
    commands[command]();
  }

  levelsOf(button) {
    return button.dataset.level2 ? { level1: button.dataset.level1, level2: button.dataset.level2 } : {};
  }

  /** A new row with these texts, after `after`, else where its category belongs, else last. */
  add(part, texts = {}, after = null) {
    const row = makeRow(part, newId());
    const place = after ?? this.placeFor(part, texts.level2);
    if (place) place.after(row);
    else part.querySelector("tbody").append(row);
    this.enter(part, row, texts);
    return row;
  }

  /** Tells the queue about a row that is in the page, and fills it. */
  enter(part, row, texts) {
    const values = part.dataset.rows === "key_tasks" ? { is_optional: "optional" in part.dataset } : {};
    this.changes.addRow(part.dataset.rows, row.dataset.row, values);
    for (const [field, text] of Object.entries(texts)) this.write(part, row, field, text);
    this.refresh(part);
    this.changed();
  }

  write(part, row, field, text) {
    const control = controlIn(row, field);
    if (!control) return;
    optionFor(control, text);
    control.value = text;
    this.changes.set(nameIn(row, part, field), text);
  }

  /** The last row of the same category or of one before it; null to append. */
  placeFor(part, level2) {
    const ranks = [...part.querySelectorAll("[data-level2]")].map((button) => button.dataset.level2);
    if (!level2 || !ranks.length) return null;
    const rank = ranks.indexOf(level2);
    const before = this.rows(part).filter((row) => {
      const other = ranks.indexOf(controlIn(row, "level2")?.value);
      return other !== -1 && other <= rank;
    });
    return before.at(-1) ?? null;
  }

  copy(part, row) {
    return this.add(part, textsOf(row), row);
  }

  remove(part, row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const number = row.querySelector("[data-number]").textContent;
    const back = this.takeOut(part, [row]);
    this.undo.offer(`已删除第${number}项`, () => this.focus(back()[0]));
    if (next) this.focus(next);
    else part.querySelector("[data-add]").focus();
  }

  /** Removes rows; returns the function that brings them back to where they were. */
  takeOut(part, rows) {
    const grid = part.dataset.rows;
    const places = rows.map((row) => [row, row.nextElementSibling]);
    for (const row of rows) {
      row.remove();
      this.changes.removeRow(grid, row.dataset.row);
    }
    this.refresh(part);
    this.changed();
    return () =>
      this.together(() => {
        for (const [row, next] of places.reverse()) {
          part.querySelector("tbody").insertBefore(row, next?.isConnected ? next : null);
          this.enter(part, row, textsOf(row));
        }
        return rows;
      });
  }

  /** Past its neighbour: -1 up, 1 down; the focus stays where it was. */
  move(part, row, step, focused = document.activeElement) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    this.moved(part, row);
    focused.focus();
    this.announce(`已移到第${row.querySelector("[data-number]").textContent}项`);
  }

  moved(part, row) {
    this.changes.moved(part.dataset.rows);
    if (part.dataset.rows === "key_tasks") {
      this.changes.addRow("key_tasks", row.dataset.row, { is_optional: "optional" in part.dataset });
    }
    for (const each of this.parts) if (each.dataset.rows === part.dataset.rows) this.refresh(each);
    this.changed();
  }

  makeSortable(part) {
    if (!window.Sortable) return;
    window.Sortable.create(part.querySelector("tbody"), {
      handle: "[data-handle]",
      group: part.dataset.rows,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from !== to || oldIndex !== newIndex) this.moved(this.partOf(item), item);
      },
    });
  }

  /** Many rows at once: numbers and sums are brought up to date when all are there. */
  together(work) {
    if (this.waitingParts) return work();
    const parts = (this.waitingParts = new Set());
    try {
      return work();
    } finally {
      this.waitingParts = null;
      for (const part of parts) this.refresh(part);
      this.changed();
    }
  }

  /** Numbers, empty message, categories and their counts. */
  refresh(part) {
    if (this.waitingParts) {
      this.waitingParts.add(part);
      return;
    }
    const rows = this.rows(part);
    for (const [i, row] of rows.entries()) numberRow(row, i + 1);
    part.querySelector("[data-empty]").hidden = rows.length > 0;
    const levels = rows.map((row) => controlIn(row, "level2")?.value);
    for (const [i, row] of rows.entries()) row.classList.toggle("is-repeat", i > 0 && Boolean(levels[i]) && levels[i] === levels[i - 1]);
    for (const button of part.querySelectorAll("[data-level2]")) {
      const count = levels.filter((level) => level === button.dataset.level2).length;
      button.querySelector("[data-level-count]").textContent = count;
      button.classList.toggle("level-none", count === 0);
      button.setAttribute("aria-label", `${button.dataset.level2} ${count} 条，添加一条`);
    }
    growAll(part);
  }

  /** Into the first field of a row that is typed, not chosen. */
  focus(row) {
    const controls = controlsOf(row);
    (controls.find((control) => !["level", "links"].includes(control.dataset.kind) && !control.value) ?? controls[0]).focus();
  }

  announce(words) {
    document.getElementById("announcer").textContent = words;
  }
}
