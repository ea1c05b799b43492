// Reviewing by keyboard: a comment at the cell (C), next and previous (J, K), the decisions (R), the list of keys (?).

import { form, pointAt } from "./comment-form.js";
import { isTyping } from "../keys.js";

const keys = document.getElementById("review-keys");
const cells = [...document.querySelectorAll(".official [data-comment]")];

function comment(link) {
  if (!form) return;
  pointAt(link);
  form.scrollIntoView({ block: "nearest" });
  form.elements.code.focus({ preventScroll: true });
}

/** One stop of the Tab key for the whole table, where one was last; arrows go from cell to cell. */
function stopAt(stop) {
  for (const cell of cells) cell.tabIndex = cell === stop ? 0 : -1;
}

function follow(name) {
  document.querySelector(`a[data-key="${name}"]`)?.click();
}

const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };
// S goes to the first mark that is missing (score.js), or to the scores where nothing is to be filled in.
const ACTIONS = {
  j: () => follow("j"),
  k: () => follow("k"),
  c: () => comment(document.activeElement.closest(".official td")?.querySelector("[data-comment]")),
  s: () => document.getElementById("score-form") || document.getElementById("score")?.focus(),
  r: () => document.querySelector("[data-decision]")?.focus(),
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const at = cells.indexOf(event.target);
  const action = at >= 0 && event.key in STEPS ? () => cells[at + STEPS[event.key]]?.focus() : ACTIONS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-comment]");
  if (link && form) {
    event.preventDefault();
    comment(link);
  }
  const phrase = event.target.closest("[data-phrase]");
  if (phrase) {
    const text = form.elements.text;
    text.value = [text.value.trimEnd(), phrase.textContent].filter(Boolean).join("\n");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (event.target.closest("[data-keys]")) keys.showModal();
});

document.addEventListener("focusin", (event) => cells.includes(event.target) && stopAt(event.target));
stopAt(cells[0]);
document.documentElement.dataset.review = "ready";
