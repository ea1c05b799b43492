// Somebody else saved first. Different fields merge; where both wrote, both texts are shown and the person chooses.

import { growAll } from "../grid/fields.js";
import { cellOf } from "../grid/names.js";
import { controlsOf, makeRow, optionFor, textsOf } from "../grid/rows.js";
import { showStatus } from "./status.js";
import { readable } from "../helping/links.js";

export class Conflicts {
  constructor({ form, changes, grids, saver }) {
    Object.assign(this, { form, changes, grids, saver });
    this.box = document.getElementById("conflicts");
    this.list = this.box.querySelector("[data-conflicts-list]");
    this.box.addEventListener("click", (event) => this.chosen(event));
    form.addEventListener("input", (event) => this.typed(event.target));
  }

  /** `answer`: what the server has now (texts, order, optional), and by whom; `sent`: the texts it refused for that. */
  meet(answer, sent = new Map()) {
    this.answer = answer;
    this.title = `${answer.saved_by || "其他人"}已于 ${answer.saved_at} 先保存了这份申报表`;
    this.links = []; // [control name, id] of the links to tasks that come back
    this.takeRows(answer);
    const both = this.takeTexts(answer.texts, sent);
    this.linkAgain();
    this.form.elements.version.value = answer.version;
    growAll(this.form);
    this.dropSettled();
    if (both.length) this.ask(both);
    else if (this.list.children.length === 0) this.box.hidden = true;
    this.goOn(both.length);
  }

  /** Rows that the other added appear, rows that the other removed go, unless they hold something unsent. */
  takeRows({ order, optional, texts }) {
    for (const [grid, ids] of Object.entries(order)) {
      for (const part of this.grids.parts.filter((each) => each.dataset.rows === grid)) {
        const mine = ids.filter((id) => grid !== "key_tasks" || optional.includes(id) === "optional" in part.dataset);
        this.removeGone(part, new Set(ids));
        this.addMissing(part, grid, mine);
        if (!this.changes.isMoved(grid)) this.arrange(part, mine);
        this.grids.refresh(part);
      }
      for (const id of ids) this.changes.known.add(id);
    }
    for (const name of [...this.changes.saved.keys()]) if (cellOf(name) && !(name in texts)) this.changes.saved.delete(name);
  }

  removeGone(part, there) {
    for (const row of this.grids.rows(part)) {
      const id = row.dataset.row;
      if (there.has(id) || !this.changes.known.has(id)) continue;
      if (controlsOf(row).some((control) => this.changes.has(control.name))) this.bringBack(part, row);
      else this.leave(row);
    }
  }

  leave(row) {
    const next = row.contains(document.activeElement) && (row.nextElementSibling ?? row.previousElementSibling);
    row.remove();
    if (next) this.grids.focus(next);
  }

  /** The other removed a row that holds something unsent: it is sent again, whole. */
  bringBack(part, row) {
    const id = row.dataset.row;
    for (const { name, value } of this.form.querySelectorAll('input[data-kind="links"]')) {
      if (value.split(" ").includes(id)) this.links.push([name, id]);
    }
    this.changes.known.delete(id);
    this.grids.enter(part, row, textsOf(row));
  }

  /** A task took its links along when the other removed it: they come back with it. */
  linkAgain() {
    for (const [name, id] of this.links) {
      const control = document.getElementById(name);
      const ids = control?.value.split(" ").filter(Boolean);
      if (!ids || ids.includes(id)) continue;
      control.value = [...ids, id].join(" ");
      this.changes.set(name, control.value);
    }
  }

  addMissing(part, grid, ids) {
    for (const id of ids) {
      if (document.getElementById(`row-${id}`) || this.changes.isDeleted(grid, id)) continue;
      const row = makeRow(part, id);
      part.querySelector("tbody").append(row);
    }
  }

  /** The rows in this order, those that it does not name last. The row with the cursor is not taken out of the page. */
  arrange(part, ids) {
    const before = this.grids.rows(part);
    const named = ids.map((id) => document.getElementById(`row-${id}`)).filter(Boolean);
    const rows = [...named, ...before.filter((row) => !ids.includes(row.dataset.row))];
    if (rows.every((row, i) => row === before[i])) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (at !== -1) rows[at].before(...rows.slice(0, at));
    part.querySelector("tbody").append(...rows.slice(at + 1));
  }

  /** Shows the other's texts where nothing unsent stands; returns where something does and both wrote. */
  takeTexts(texts, sent) {
    const both = [];
    for (const [name, theirs] of Object.entries(texts)) {
      const control = document.getElementById(name);
      const before = this.changes.base(name);
      this.changes.saved.set(name, theirs);
      if (!control) continue;
      if (!this.changes.has(name)) this.show(control, theirs);
      else if (before === theirs) continue;
      else if (this.says(name, theirs, sent)) this.changes.drop(name);
      else both.push({ name, theirs });
    }
    return both;
  }

  /** Whether the unsent text says what the other wrote: so the server finds of what was sent, else they are the same. */
  says(name, theirs, sent) {
    const mine = this.changes.unsavedTexts().get(name);
    if (mine === theirs) return true;
    return sent.get(name) === mine && !this.answer.conflicts.some((conflict) => conflict.name === name);
  }

  /** Where the cursor is stays where it is. */
  show(control, text) {
    if (control.value === text) return;
    optionFor(control, text);
    const place = control === document.activeElement && "selectionStart" in control ? [control.selectionStart, control.selectionEnd] : null;
    control.value = text;
    if (place) control.setSelectionRange(...place);
    control.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  /** A question goes when the two have come to say the same, or when its row was removed. */
  dropSettled() {
    for (const item of [...this.list.children]) if (!this.changes.held.has(item.dataset.conflict)) item.remove();
  }

  ask(both) {
    for (const { name, theirs } of both) {
      if (!this.changes.held.has(name)) this.changes.hold(name);
      this.list.querySelector(`[data-conflict="${name}"]`)?.remove();
      this.list.append(this.question(name, theirs));
    }
    this.box.querySelector("h2").textContent = this.title;
    this.box.querySelector("[data-conflicts-lead]").textContent =
      "下列各栏两人都作了修改。您填写的内容仍在页面上，没有丢失，请逐栏选择保留哪一份；其他各栏已自动合并。";
    this.box.hidden = false;
    // Somebody who is typing is not torn away: the status line leads here.
    if (document.activeElement?.matches("[data-kind]")) this.grids.announce(this.title);
    else this.box.focus();
  }

  /** Where the person goes on typing, the question shows what they have now. */
  typed({ name, value }) {
    const mine = name && this.list.querySelector(`[data-conflict="${name}"] dd`);
    if (mine) mine.textContent = value || "（空）";
  }

  question(name, theirs) {
    const item = document.createElement("li");
    item.dataset.conflict = name;
    item.dataset.theirs = theirs;
    const link = Object.assign(document.createElement("a"), { href: `#${name}`, textContent: this.changes.label(name) });
    const texts = document.createElement("dl");
    texts.className = "two-texts";
    for (const [head, text] of [["您填写的", this.changes.held.get(name)], ["对方保存的", theirs]]) {
      texts.append(Object.assign(document.createElement("dt"), { textContent: head }));
      texts.append(Object.assign(document.createElement("dd"), { className: "written", textContent: readable(name, text) || "（空）" }));
    }
    const actions = document.createElement("p");
    actions.className = "conflict-actions";
    actions.append(choice("mine", "用我的内容覆盖"), choice("theirs", "采用对方内容"));
    item.append(link, texts, actions);
    return item;
  }

  chosen(event) {
    const button = event.target.closest("button[data-choice]");
    if (!button) return;
    const item = button.closest("li");
    const name = item.dataset.conflict;
    if (!this.changes.held.has(name)) this.grids.announce("这一栏所在的行已删除");
    else if (button.dataset.choice === "mine") this.changes.release(name);
    else {
      this.changes.giveUp(name, this.changes.held.get(name));
      this.changes.drop(name);
      this.show(document.getElementById(name), item.dataset.theirs);
    }
    item.remove();
    const rest = this.list.children.length;
    if (rest) this.list.querySelector("button").focus();
    else {
      this.box.hidden = true;
      document.getElementById(name)?.focus();
    }
    this.grids.changed();
    this.goOn(rest);
  }

  goOn(open) {
    if (this.changes.waits()) this.saver.soon();
    else if (open || this.changes.held.size) showStatus("conflict");
    else showStatus("merged", `${this.answer.saved_by || "其他人"} ${this.answer.saved_at} 的修改已合并到本页`);
  }
}

function choice(kind, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary";
  button.dataset.choice = kind;
  button.textContent = words;
  return button;
}
