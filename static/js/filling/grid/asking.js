// A question in a dialog of its own, with one button an answer.

/** Resolves with the value of the chosen answer, null where the person went away. `answers`: [[value, words]]. */
export function ask(title, lines, answers) {
  const dialog = document.createElement("dialog");
  dialog.className = "paste-dialog";
  const form = append(dialog, "form");
  form.method = "dialog";
  const head = append(form, "h2", title);
  head.id = "paste-question";
  dialog.setAttribute("aria-labelledby", head.id);
  for (const line of lines.filter(Boolean)) append(form, "p", line);
  const actions = append(form, "div");
  actions.className = "actions";
  for (const [i, [value, words]] of [...answers, ["", "不粘贴"]].entries()) {
    const button = append(actions, "button", words);
    button.className = i ? "btn btn-outline-secondary" : "btn btn-primary";
    button.value = value;
  }
  document.body.append(dialog);
  return shown(dialog);
}

function shown(dialog) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus({ preventScroll: true });
      resolve(dialog.returnValue || null);
    });
    dialog.showModal();
  });
}

function append(parent, tag, text = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  parent.append(made);
  return made;
}
