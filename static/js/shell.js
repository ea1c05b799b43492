// The shell of every page: light or dark, menus that close, forms that are sent once.

const root = document.documentElement;

function labelToggles() {
  const dark = root.dataset.bsTheme === "dark";
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.textContent = dark ? "浅色" : "深色";
    button.setAttribute("aria-label", dark ? "切换到浅色界面" : "切换到深色界面");
  }
}

function toggleTheme() {
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.bsTheme);
  } catch {
    // Storage may be switched off; the choice then lasts for this page.
  }
  labelToggles();
}

/** Closes open menus, except the one that the event happened in. A move's panel stays open while one reads the table. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

function fold(details) {
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
}

/** A form is sent once: a second click finds it sent. Scripts that send a form themselves prevent the default. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.setAttribute("aria-disabled", "true");
  }
}

function forgetSent() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-close]")) fold(event.target.closest("details"));
  closeMenus(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  fold(document.querySelector("details[data-menu][open], details.move[open]"));
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
for (const panel of document.querySelectorAll("details.move")) {
  panel.addEventListener("toggle", () => panel.open && panel.querySelector("[data-first], input:not([type=hidden]), textarea").focus());
}
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", forgetSent); // back from the next page: the form may be sent again
labelToggles();
document.querySelector("[data-focus]")?.focus();
