// Numbers that a task promises and no indicator carries: a button beside the task makes one.

export function listenToPromises(form, grids) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-promise]");
    if (!button) return;
    event.preventDefault();
    make(form, grids, button);
  });
}

function make(form, grids, button) {
  const { first, second, name, value } = button.dataset;
  const list = button.closest("[data-promises]");
  const part = form.querySelector('[data-rows="indicators"]');
  const row = grids.add(part, { level1: first, level2: second, name, annual_value: value, tasks: list.dataset.promises });
  button.closest("li").remove();
  list.hidden = list.children.length === 0;
  grids.focus(row);
  row.scrollIntoView({ block: "center" });
  grids.undo.offer(`已新增指标“${name || value}”，并对应到这项任务`, () => {
    grids.takeOut(part, [row]);
    list.closest("tr").querySelector('[data-field="expected_outcome"]').focus();
  });
}

/** `promises`: by task id what is still to be carried. */
export function showPromises(form, promises) {
  for (const list of form.querySelectorAll("tbody [data-promises]")) {
    const offers = promises[list.dataset.promises] ?? [];
    const key = offers.map((offer) => offer.label).join("\n");
    if (key === [...list.querySelectorAll("button")].map((button) => button.dataset.label).join("\n")) continue;
    list.replaceChildren(...offers.map(item));
    list.hidden = offers.length === 0;
  }
}

function item({ level1, level2, name, value, label }) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "promise";
  Object.assign(button.dataset, { promise: "", first: level1, second: level2, name, value, label });
  button.textContent = `设为指标：${label}`;
  line.append(button);
  return line;
}
