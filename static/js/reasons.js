// Reasons for doubts are kept while they are typed: on leaving a field, and on leaving the page.

const IS_REASON = /^(reason|common):/;
const unsent = new Set();

function formOf(control) {
  return IS_REASON.test(control.name ?? "") && control.form?.dataset.reasons ? control.form : null;
}

function tell(form, words) {
  const place = form.querySelector("[data-reasons-state]") ?? document.querySelector("[data-reasons-state]");
  if (place) place.textContent = words;
}

async function keep(form) {
  unsent.delete(form);
  tell(form, "正在保存说明…");
  try {
    const answer = await fetch(form.dataset.reasons, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
      keepalive: true,
    });
    if (answer.redirected) throw new Error("signed out");
    tell(form, (await answer.json()).said);
  } catch {
    unsent.add(form);
    tell(form, "说明还没有保存，请稍后点“保存说明”或提交。");
  }
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form) unsent.add(form);
});
document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (form) keep(form);
});
document.addEventListener("submit", (event) => unsent.delete(event.target));
window.addEventListener("pagehide", () => {
  for (const form of unsent) navigator.sendBeacon(form.dataset.reasons, new FormData(form));
});
