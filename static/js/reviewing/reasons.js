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

/** How many doubts of a check have no reason yet. */
function markDoubt(mark, missing) {
  mark.textContent = missing ? `${missing} 处未说明` : "已说明";
  mark.classList.toggle("ok", !missing);
  if (!missing) mark.classList.remove("warn", "error");
  else if (!mark.classList.contains("error")) mark.classList.add("warn");
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
    const { said, missing } = await answer.json();
    tell(form, said);
    for (const mark of document.querySelectorAll("[data-doubt]")) markDoubt(mark, missing[mark.dataset.doubt] ?? 0);
  } catch {
    unsent.add(form);
    tell(form, "说明还没有保存，请稍后点“保存说明”或提交。");
  }
}

/** Only checks of which something was typed here are sent: what others gave for the rest meanwhile stays. */
document.addEventListener("formdata", (event) => {
  for (const doubt of document.querySelectorAll("fieldset.doubt")) {
    const controls = [...doubt.querySelectorAll("input")].filter((control) => control.form === event.target);
    if (controls.some((control) => control.value !== control.defaultValue)) continue;
    for (const control of controls) event.formData.delete(control.name);
  }
});

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  unsent.add(form);
  event.target.removeAttribute("aria-invalid");
});
document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (form) keep(form);
});
document.addEventListener("submit", (event) => unsent.delete(event.target));
window.addEventListener("pagehide", () => {
  for (const form of unsent) keep(form);
});
