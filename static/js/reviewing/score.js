// The score sheet: adds up while one types, saves by itself, goes on with Enter, half a point with the arrows.

import { token } from "../filling/saving/post.js";

const form = document.getElementById("score-form");
const marks = [...form.querySelectorAll("[data-mark]")];
const total = form.querySelector("[data-total]");
const state = form.querySelector("[data-score-state]");
const grades = JSON.parse(form.dataset.grades);
const PAUSE = 1000;
const LONGEST = 10_000;

/** A mark in hundredths of a point; null for what is no mark. Whole numbers: 0.1 + 0.2 is not 0.3. */
function hundredths(text) {
  const plain = text.normalize("NFKC").trim().replace(/分$/, "").trim();
  return /^\d{1,3}(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

function points(value) {
  return String(value / 100);
}

function mostOf(input) {
  return Number(input.dataset.most) * 100;
}

function isWrong(input) {
  const value = hundredths(input.value);
  return input.value.trim() !== "" && (value === null || value > mostOf(input));
}

function addUp() {
  for (const input of marks) {
    input.classList.toggle("is-invalid", isWrong(input));
    if (isWrong(input)) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  for (const block of form.querySelectorAll("fieldset")) {
    const own = marks.filter((input) => block.contains(input)).map((input) => hundredths(input.value));
    block.querySelector("[data-subtotal]").textContent = own.some((value) => value !== null) ? `${points(own.reduce((sum, value) => sum + (value ?? 0), 0))} 分` : "";
  }
  showTotal();
}

function showTotal() {
  const left = marks.filter((input) => hundredths(input.value) === null);
  const wrong = marks.filter(isWrong);
  const sum = marks.reduce((so_far, input) => so_far + (hundredths(input.value) ?? 0), 0);
  total.hidden = left.length === marks.length;
  const [label, , consequence] = grades.find(([, least]) => sum >= least * 100);
  const words = wrong.length ? `　有 ${wrong.length} 项超过满分或者不是分数，请更正。` : left.length ? `　还有 ${left.length} 项没有评分。` : `　等次 ${label}。${consequence}`;
  const strong = document.createElement("strong");
  strong.textContent = `${points(sum)} 分`;
  total.replaceChildren("合计 ", strong, words);
}

// --- saving -------------------------------------------------------------------------------------

let timer = 0;
let since = 0;
let sending = null;
let changed = false;

function later() {
  changed = true;
  since ||= Date.now();
  state.textContent = "有未保存的修改";
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
}

async function save() {
  clearTimeout(timer);
  if (!changed || sending) return sending;
  changed = false;
  since = 0;
  sending = send().finally(() => {
    sending = null;
  });
  await sending;
  if (changed && state.dataset.state !== "failed") later();
  return null;
}

async function send() {
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "save");
  try {
    const options = { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token() }, body, keepalive: true };
    const response = await fetch(form.action, options);
    const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
    if (response.ok && answer.saved) tell(`已自动保存 ${answer.saved}`, "saved");
    else failed(answer.message ?? "没有保存，请点“保存草稿”。");
  } catch {
    failed("没有连接上服务器，还没有保存。请稍后点“保存草稿”。");
  }
}

function failed(words) {
  changed = true;
  tell(words, "failed");
}

function tell(words, name) {
  state.textContent = words;
  state.dataset.state = name;
}

// --- keys ---------------------------------------------------------------------------------------

function step(input, by) {
  const value = Math.min(Math.max((hundredths(input.value) ?? 0) + by, 0), mostOf(input));
  input.value = points(value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function next(input) {
  const following = marks[marks.indexOf(input) + 1] ?? form.querySelector("[value=confirm]");
  following.focus();
  following.select?.();
}

form.addEventListener("keydown", (event) => {
  const input = event.target.closest("[data-mark]");
  if (!input || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = { Enter: () => next(input), ArrowUp: () => step(input, 50), ArrowDown: () => step(input, -50) }[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, [contenteditable]");
  if (isTyping || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  const first = marks.find((input) => !input.value.trim()) ?? marks[0];
  first.focus();
  first.select();
});

form.addEventListener("input", () => {
  addUp();
  later();
});
form.addEventListener("submit", () => {
  changed = false;
  clearTimeout(timer);
});
// a decision taken on the same page waits until the last marks are kept
document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (target === form || !changed) return;
  event.preventDefault();
  await save();
  changed = false;
  target.requestSubmit(submitter);
});
window.addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
addUp();
document.documentElement.dataset.score = "ready";
