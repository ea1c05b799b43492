// Small help while typing: how many characters, fields that grow with their text.

const grows = CSS.supports("field-sizing", "content");

export function showCount(control) {
  const count = document.querySelector(`[data-count-of="${control.name}"]`);
  if (count) count.textContent = `已写 ${[...control.value].length} 字`;
}

/** Where the browser does not size fields by their content, do it by hand, reading all heights before writing any. */
export function growAll(root) {
  if (grows) return;
  const fields = [...root.querySelectorAll("textarea")];
  for (const field of fields) field.style.height = "auto";
  const heights = fields.map((field) => field.scrollHeight);
  fields.forEach((field, i) => {
    field.style.height = `${heights[i] + 2}px`;
  });
}

export function watchGrowth(form) {
  if (grows) return;
  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    event.target.style.height = "auto";
    event.target.style.height = `${event.target.scrollHeight + 2}px`;
  });
}
