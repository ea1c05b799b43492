// While somebody types: one small request that looks at what is not saved yet. Silent when it fails: saving reports.

import { cellOf } from "../grid/names.js";
import { showFindings } from "../helping/findings.js";
import { showPromises } from "../helping/promises.js";
import { token } from "./post.js";
import { rowIn } from "./state.js";

const QUIET = 300;
const SPOKEN = 1000;

export class Live {
  constructor({ form, changes, grids }) {
    Object.assign(this, { form, changes, grids });
    this.timer = 0;
    this.speech = 0;
    this.running = null;
    form.addEventListener("compositionstart", () => clearTimeout(this.timer));
    form.addEventListener("compositionend", () => this.touch());
  }

  touch() {
    clearTimeout(this.timer);
    clearTimeout(this.speech);
    this.timer = setTimeout(() => this.look(), QUIET);
  }

  /** One at a time: a request that is still on its way is of no use any more. */
  async look() {
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    try {
      const answer = await ask(this.form.dataset.live, this.unsaved(), mine.signal);
      if (answer && this.running === mine) this.show(answer);
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
    }
  }

  /** Everything in the page that the server does not have, in the shape of a save. */
  unsaved() {
    const body = { version: Number(this.form.elements.version.value), fields: {}, rows: {}, order: {}, deleted: {} };
    const gone = new Set(this.changes.known);
    for (const part of this.grids.parts) {
      const grid = part.dataset.rows;
      for (const row of this.grids.rows(part)) {
        gone.delete(row.dataset.row);
        if (grid === "key_tasks") rowIn(body, grid, row.dataset.row).is_optional = "optional" in part.dataset;
        else if (!this.changes.known.has(row.dataset.row)) rowIn(body, grid, row.dataset.row);
      }
      body.order[grid] = this.grids.order(grid);
      body.deleted[grid] = [...gone];
    }
    for (const grid of Object.keys(body.order)) body.deleted[grid] = [...gone];
    for (const control of this.form.querySelectorAll("[data-kind][name]")) this.put(body, control);
    return body;
  }

  put(body, { name, value }) {
    if (this.changes.base(name) === value && !this.changes.has(name)) return;
    const cell = cellOf(name);
    if (cell) rowIn(body, cell.grid, cell.row)[cell.column] = value;
    else body.fields[name] = value;
  }

  show(answer) {
    showFindings(this.form, answer);
    showPromises(this.form, answer.promises);
    this.showUnderstood(answer.understood);
    const map = document.querySelector("[data-coverage]");
    if (map && map.dataset.shown !== answer.coverage) {
      map.innerHTML = answer.coverage;
      map.dataset.shown = answer.coverage;
    }
  }

  showUnderstood(understood) {
    for (const place of this.form.querySelectorAll(".understood")) {
      const name = place.id.slice("understood-".length);
      const words = understood[name] ?? "";
      place.classList.toggle("is-echo", bare(words) === bare(document.getElementById(name).value));
      if (place.textContent === words) continue;
      place.textContent = words;
      if (words && document.activeElement?.id === name) this.say(words);
    }
  }

  /** For those who do not see it, once they have paused: typing is not to be talked over. */
  say(words) {
    clearTimeout(this.speech);
    this.speech = setTimeout(() => this.grids.announce(`已识别为：${words}`), SPOKEN);
  }
}

/** A text without what the server's reading leaves out of account: spaces, widths, commas. */
function bare(text) {
  return text.normalize("NFKC").replace(/[\s,]/g, "").replace(/≧/g, "≥").replace(/≦/g, "≤");
}

/** The answer, null where there is none of ours. */
async function ask(url, body, signal) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
    signal,
  });
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return response.ok && isJson ? response.json() : null;
}
