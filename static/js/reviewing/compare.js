// Reading a compared table by keyboard: the next change (N), the one before (P), another way of comparing (D).

import { isTyping } from "../keys.js";

const marks = [...document.querySelectorAll("[data-diff]")];
const steps = [...document.querySelectorAll("[data-diff-step]")];
const count = document.querySelector("[data-diff-count]");

/** The change after (or before) the place in the table that has the focus; without one, the first (or the last). */
function neighbour(by) {
  const here = document.activeElement.closest(".official *");
  if (!here) return by > 0 ? 0 : marks.length - 1;
  const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const beyond = marks.filter((mark) => mark !== here && here.compareDocumentPosition(mark) & side);
  const next = by > 0 ? beyond[0] : beyond.at(-1);
  return next ? marks.indexOf(next) : neighbourRound(by);
}

/** Past the last comes the first. */
function neighbourRound(by) {
  return by > 0 ? 0 : marks.length - 1;
}

function go(by) {
  const at = neighbour(by);
  const mark = marks[at];
  if (!mark) return;
  mark.scrollIntoView({ block: "center", inline: "nearest" });
  mark.focus({ preventScroll: true });
  count.textContent = `第 ${at + 1} 处，共 ${marks.length} 处`;
}

/** The ways of comparing in turn. */
function turn() {
  const ways = [...document.querySelectorAll("[data-compare]")];
  const at = ways.findIndex((way) => way.hasAttribute("aria-current"));
  if (ways.length > 1) ways[(at + 1) % ways.length].click();
}

const ACTIONS = { n: () => go(1), p: () => go(-1), d: turn };

document.addEventListener("keydown", (event) => {
  const action = ACTIONS[event.key.toLowerCase()];
  if (!action || isTyping(event)) return;
  event.preventDefault();
  action();
});

for (const button of steps) {
  button.hidden = false;
  button.addEventListener("click", () => go(Number(button.dataset.diffStep)));
}
document.documentElement.dataset.compare = "ready";
