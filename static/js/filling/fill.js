// The fill page: what is typed becomes changes, changes are saved, answers are shown. Each part has its own module.

import { Changes } from "./saving/state.js";
import { Saver } from "./saving/saver.js";
import { Grids } from "./grid/grid.js";
import { listenToKeys } from "./grid/keyboard.js";
import { listenToPaste } from "./grid/paste-into.js";
import { listenToLevels } from "./grid/levels.js";
import { listenToPicker } from "./grid/picker.js";
import { showCount, growAll, watchGrowth } from "./grid/fields.js";
import { showTotals } from "./grid/totals.js";
import { showFindings, settleFindings, openAssistant } from "./helping/findings.js";
import { showConnection, showStatus } from "./saving/status.js";
import { Conflicts } from "./saving/conflicts.js";
import { Undo } from "./grid/undo.js";
import { optionFor } from "./grid/rows.js";
import { Links } from "./helping/links.js";
import { Live } from "./saving/live.js";
import { listenToPromises } from "./helping/promises.js";
import { newId } from "./grid/names.js";
import { LocalCopy } from "./saving/local.js";
import { Restorer } from "./saving/restore.js";
import { Together } from "./saving/together.js";
import { ReplacedTexts } from "./saving/replaced.js";

const form = document.getElementById("fill");
const live = JSON.parse(document.getElementById("live").textContent);
const changes = new Changes(form);
const undo = new Undo();
const grids = new Grids(form, changes, undo, changed);
const page = newId();
const person = form.elements.person.value;
const saver = new Saver({
  url: form.action,
  person,
  version: Number(form.elements.version.value),
  changes,
  order: (grid) => grids.order(grid),
  on: { status: showStatus, connection: showConnection, saved, stale, closed },
});
const looking = new Live({ form, changes, grids });
const links = new Links(form, changes);
const conflicts = new Conflicts({ form, changes, grids, saver });
const replaced = new ReplacedTexts({ form, changes, grids, undo, changed });
const local = new LocalCopy({ page, person, declaration: form.dataset.declaration, changes, grids, saver });

/** Something was changed, by hand or by a command of the page. */
function changed() {
  showTotals(form);
  saver.touch();
  looking.touch();
  links.later();
  if (!closedBox.hidden) showUnsent();
}

function saved(answer) {
  form.elements.version.value = answer.version;
  for (const [name, text] of Object.entries(answer.values)) showSaved(name, text);
  showTotals(form);
  showFindings(form, answer);
  links.later();
  replaced.load();
}

/** The text as the server keeps it (amounts grouped), unless the person has gone on typing there. */
function showSaved(name, text) {
  const control = document.getElementById(name);
  if (!control || changes.has(name) || control === document.activeElement) return;
  optionFor(control, text);
  if (control.value !== text) control.value = text;
}

/** Others saved since: `answer` is what the server has now, `sent` the texts that it did not take for that. */
function stale(answer, sent) {
  conflicts.meet(answer, sent);
  links.later();
  looking.touch();
  showTotals(form);
  showFindings(form, answer);
}

/** Others saved, and nothing here waits to be sent. */
function news(answer) {
  saver.version = answer.version;
  stale(answer);
}

const closedBox = document.getElementById("closed");

/** What can only be copied now, also what is typed after the page learnt that it is closed. */
function showUnsent() {
  const texts = changes.unsent().map(([label, text]) => `${label}：${text}`);
  closedBox.querySelector("textarea").value = texts.join("\n");
  closedBox.querySelector("textarea").closest("div").classList.toggle("nothing-unsent", texts.length === 0);
}

function closed(answer) {
  closedBox.querySelector("[data-closed-message]").textContent = answer.message;
  showUnsent();
  closedBox.hidden = false;
  closedBox.focus();
}

form.addEventListener("input", (event) => {
  const control = event.target;
  if (!control.name || !control.dataset.kind) return;
  changes.set(control.name, control.value);
  showCount(control);
  undo.forget();
  changed();
});

// A text that came from elsewhere is counted like a typed one.
form.addEventListener("shown", (event) => showCount(event.target));

// Leaving a field saves it at once, and shows it as the server keeps it.
form.addEventListener("focusout", (event) => {
  const control = event.target;
  if (changes.has(control.name)) saver.soon();
  else if (control.dataset?.kind === "amount" || control.dataset?.kind === "count") control.value = changes.base(control.name, control.value);
  setTimeout(() => settleFindings(form));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const check = event.submitter?.dataset.check;
  saver.flush().then((done) => {
    if (check && done) location.assign(check);
  });
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key.toLowerCase() === "s") {
    event.preventDefault();
    saver.flush();
  }
});

// What is looked at or exported is what was typed: save first.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-retry]")) saver.flush();
  const link = event.target.closest("a[data-after-save]");
  if (!link || !changes.pending()) return;
  event.preventDefault();
  const target = link.target === "_blank" ? window.open("", "_blank") : window;
  saver.flush().then(() => target.location.assign(link.href));
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && changes.pending()) saver.flush();
});

window.addEventListener("beforeunload", (event) => {
  if (changes.pending()) event.preventDefault();
});

// A link to a field goes into the field.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target || link.classList.contains("skip-link")) return;
  event.preventDefault();
  target.scrollIntoView({ block: target.matches("section") ? "start" : "center" });
  target.focus({ preventScroll: true });
});

listenToKeys(form, grids);
listenToPaste(form, grids, saver);
listenToLevels(form, grids);
listenToPromises(form, grids);
listenToPicker(form, grids);
watchGrowth(form);
growAll(form);
showTotals(form);
showFindings(form, live);
openAssistant();
if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.focus();
await new Restorer({ form, changes, grids, saver, local }).run();
new Together({
  url: form.dataset.together,
  page,
  person,
  saver,
  changes,
  on: { news, closed: (answer) => saver.close(answer), connection: showConnection },
});
document.documentElement.dataset.ready = "fill";
