// One row of a grid, as elements.

import { nameOf } from "./names.js";

const NEW = "00000000-0000-0000-0000-000000000000";

/** A new row of a grid part, not yet in the page. */
export function makeRow(part, id) {
  const template = document.createElement("template");
  template.innerHTML = part.querySelector("template[data-blank]").innerHTML.replaceAll(NEW, id);
  return template.content.querySelector("tr");
}

export function controlsOf(row) {
  return [...row.querySelectorAll("[data-kind][name]")];
}

export function controlIn(row, field) {
  return row.querySelector(`[data-field="${field}"]`);
}

export function nameIn(row, part, field) {
  return nameOf(part.dataset.rows, row.dataset.row, field);
}

/** { column: text } of a row. */
export function textsOf(row) {
  return Object.fromEntries(controlsOf(row).map((control) => [control.dataset.field, control.value]));
}

/** A choice that is not on the list (a label of another form) becomes one, so that it is kept. */
export function optionFor(control, text) {
  if (control.tagName !== "SELECT" || [...control.options].some((option) => option.value === text)) return;
  control.append(new Option(text, text));
}

/** The number of a row, in the page and in every label of its controls. */
export function numberRow(row, number) {
  const place = row.querySelector("[data-number]");
  if (place.textContent === String(number)) return;
  place.textContent = number;
  for (const element of row.querySelectorAll("[aria-label]")) {
    const label = element.getAttribute("aria-label").replace(/第\d+项/, `第${number}项`);
    element.setAttribute("aria-label", label);
  }
}
