// 从指标库选: a combobox in a dialog. What is chosen goes into the row as if it had been typed, and can be taken back.

import { controlIn, textsOf } from "./rows.js";

const DELAY = 120; // milliseconds after the last key
const FIELDS = { level1: "level1", level2: "level2", name: "name", annual_value: "value" };
const NO_ROW = "00000000-0000-0000-0000-000000000000";

export function listenToPicker(form, grids) {
  const dialog = document.getElementById("picker");
  if (!dialog) return;
  const picker = new Picker(dialog, grids);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (button) picker.open(grids.partOf(button), button.closest("tr[data-row]"));
  });
}

class Picker {
  constructor(dialog, grids) {
    Object.assign(this, { dialog, grids, entries: [], active: -1, timer: 0, request: null });
    this.input = dialog.querySelector("[role=combobox]");
    this.list = dialog.querySelector("[role=listbox]");
    this.input.addEventListener("input", (event) => event.isComposing || this.later());
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.entries[Number(option.dataset.at)]);
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-picker-close]")) dialog.close();
      if (event.target.closest("[data-picker-replace]")) this.fill(this.texts);
      if (event.target.closest("[data-picker-blank]")) this.fill(this.intoBlanks());
      if (event.target.closest("[data-picker-back]")) this.askNothing();
    });
    dialog.addEventListener("close", () => this.request?.abort());
  }

  part(name) {
    return this.dialog.querySelector(`[data-picker-${name}]`);
  }

  /** For a row that is there, or without one for a row that choosing will add. */
  open(part, row) {
    Object.assign(this, { grid: part, row });
    const kind = row ? controlIn(row, "level2")?.value : "";
    this.place = row ? `第${row.querySelector("[data-number]").textContent}项` : "";
    this.part("for").textContent = row ? `填入${this.place}${kind ? `（${kind}）` : ""}` : "添加为新的一行";
    const propose = this.part("propose");
    propose.hidden = !row || !controlIn(row, "name")?.value.trim();
    propose.href = row ? this.dialog.dataset.propose.replace(NO_ROW, row.dataset.row) : "#";
    this.input.value = row ? (controlIn(row, "name")?.value ?? "") : "";
    this.askNothing();
    this.show([]);
    this.dialog.showModal();
    this.input.focus();
    this.input.select();
    this.search();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), DELAY);
  }

  async search() {
    this.request?.abort();
    const request = (this.request = new AbortController());
    const address = new URL(this.dialog.dataset.suggest, location.href);
    address.searchParams.set("q", this.input.value.slice(0, 60));
    address.searchParams.set("kind", this.row ? (controlIn(this.row, "level2")?.value ?? "") : "");
    try {
      const response = await fetch(address, { signal: request.signal });
      if (!response.ok || response.redirected) throw new Error(response.status);
      this.show((await response.json()).entries);
      this.say(this.entries.length ? "" : "没有相近的指标，请换一种说法。");
    } catch (error) {
      if (error.name !== "AbortError") this.say("查找没有成功，请检查网络或重新登录后再试。");
    }
  }

  show(entries) {
    this.entries = entries;
    this.list.replaceChildren(...entries.map((entry, i) => optionOf(entry, i)));
    this.list.hidden = entries.length === 0;
    this.input.setAttribute("aria-expanded", String(entries.length > 0));
    this.activate(entries.length ? 0 : -1);
    if (entries.length) this.part("status").textContent = `有 ${entries.length} 条`;
  }

  say(words) {
    this.part("none").textContent = words;
    this.part("none").hidden = !words;
    if (words) this.part("status").textContent = words;
  }

  activate(at) {
    this.active = at;
    for (const [i, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(i === at));
    const option = this.list.children[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.entries.length - 1;
    const steps = {
      ArrowDown: () => this.activate(this.active >= last ? 0 : this.active + 1),
      ArrowUp: () => this.activate(this.active <= 0 ? last : this.active - 1),
      PageDown: () => this.activate(Math.min(last, this.active + 5)),
      PageUp: () => this.activate(Math.max(0, this.active - 5)),
      Enter: () => this.choose(this.entries[this.active]),
    };
    const step = steps[event.key];
    if (!step || (event.key !== "Enter" && last < 0)) return;
    event.preventDefault();
    step();
  }

  /** Fills it in; where that would replace something, asks first. */
  choose(entry) {
    if (!entry) return;
    this.texts = Object.fromEntries(Object.entries(FIELDS).map(([field, key]) => [field, entry[key]]).filter(([, text]) => text));
    const filled = this.row ? this.filled() : [];
    if (!filled.length) return this.fill(this.texts);
    const words = filled.map(([field, text]) => `${labelIn(this.row, field)}“${shorten(text)}”将改为“${shorten(this.texts[field])}”`);
    this.part("question").textContent = `${this.place}已有内容：${words.join("；")}。`;
    this.part("ask").hidden = false;
    this.part("replace").focus();
  }

  /** [field, text] of what the row says otherwise than the entry. */
  filled() {
    const texts = textsOf(this.row);
    return Object.keys(this.texts)
      .filter((field) => texts[field]?.trim() && texts[field] !== this.texts[field])
      .map((field) => [field, texts[field]]);
  }

  intoBlanks() {
    const kept = new Set(this.filled().map(([field]) => field));
    if (kept.has("level2")) kept.add("level1"); // the two go together
    return Object.fromEntries(Object.entries(this.texts).filter(([field]) => !kept.has(field)));
  }

  askNothing() {
    this.part("ask").hidden = true;
    this.say("");
    if (this.dialog.open) this.input.focus();
  }

  fill(texts) {
    const { grids, grid } = this;
    this.dialog.close();
    if (this.row) this.overwrite(texts);
    else {
      const row = grids.add(grid, texts);
      grids.focus(row);
      grids.undo.offer("已从指标库添加一行", () => grids.takeOut(grid, [row]));
    }
  }

  overwrite(texts) {
    const { grids, grid, row } = this;
    const before = textsOf(row);
    const write = (values) => {
      for (const [field, text] of Object.entries(values)) grids.write(grid, row, field, text);
      grids.refresh(grid);
      grids.changed();
    };
    write(texts);
    const left = Object.fromEntries(Object.keys(texts).map((field) => [field, before[field]]).filter(([, text]) => text !== undefined));
    grids.focus(row);
    grids.undo.offer(`已从指标库填入${this.place}`, () => write(left));
  }
}

function optionOf(entry, at) {
  const option = document.createElement("li");
  option.id = `picker-option-${at}`;
  option.dataset.at = at;
  option.setAttribute("role", "option");
  const used = entry.used ? `${entry.used} 个部门已获批复使用` : "";
  const notes = [entry.kind, entry.area, used].filter(Boolean).join(" · ");
  option.append(made("strong", entry.name), made("span", entry.value, "picker-value"), made("small", notes), made("small", entry.definition));
  return option;
}

function made(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function labelIn(row, field) {
  return controlIn(row, field)?.closest("td").dataset.label ?? "";
}

function shorten(text) {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
