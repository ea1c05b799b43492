// The form for a comment: what it is about, and what was begun, which J, a reload or a lost connection do not take away.

export const form = document.getElementById("comment-form");
const { person, declaration } = document.getElementById("unsent-here").dataset;
const key = `comment:${person}:${declaration}`;
const NAMES = ["field", "code", "text"];

/** The place of a comment: the cell of a link, the whole table without one. */
export function pointAt(link) {
  const place = form.querySelector("[data-comment-place]");
  form.elements.field.value = link?.dataset.comment ?? "";
  place.textContent = link?.dataset.place || place.dataset.whole;
  form.querySelector('[data-comment=""]').hidden = !form.elements.field.value;
  keep();
}

/** In this window alone: a comment that was never saved is nobody else's business. */
function keep(isSent = false) {
  const values = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
  if (values.text.trim()) sessionStorage.setItem(key, JSON.stringify({ ...values, isSent }));
  else sessionStorage.removeItem(key);
}

function plain(text) {
  return text.normalize("NFKC").replace(/\s+/g, "");
}

/** Whether what was sent stands among the comments: then it is saved. */
function isSaved({ text, isSent }) {
  return isSent && [...document.querySelectorAll(".comment .written")].some((one) => plain(one.textContent) === plain(text));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (!kept || form.elements.text.value) return;
  const cell = document.querySelector(`.official [data-comment="${CSS.escape(kept.field)}"]`);
  if (isSaved(kept)) {
    sessionStorage.removeItem(key);
    // one goes on reading where one was, once the browser has shown the comment itself
    window.addEventListener("load", () => setTimeout(() => cell?.focus()));
    return;
  }
  form.elements.code.value = kept.code;
  form.elements.text.value = kept.text;
  pointAt(cell);
  form.querySelector("[data-comment-kept]").hidden = false;
}

if (form) {
  restore();
  form.addEventListener("input", () => keep());
  form.addEventListener("submit", () => keep(true));
}
