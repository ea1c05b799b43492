// What the checks found: in the assistant, beside the fields, in the contents. The server finds, this shows.

const NAMES = { E: "错误", W: "疑点", I: "提示" };
const LOOKS = { E: "error", W: "warn", I: "" };
const ICONS = { E: "x-octagon-fill", W: "exclamation-triangle-fill", I: "info-circle-fill" };
const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
let beside = new Map();

export function showFindings(form, { findings, panels, progress, refused = {} }) {
  const all = [...findings, ...Object.entries(refused).map(([target, message]) => ({ severity: "E", code: "", message, hint: "", where: "", target }))];
  beside = Map.groupBy ? Map.groupBy(all, (finding) => finding.target) : groupBy(all);
  settleFindings(form);
  showAssistant(all);
  for (const [key, [state, words]] of Object.entries(panels)) showPanel(key, state, words);
  document.getElementById("progress").value = progress;
  document.querySelector("[data-progress-text]").textContent = `${progress}%`;
}

function groupBy(all) {
  const groups = new Map();
  for (const finding of all) groups.set(finding.target, [...(groups.get(finding.target) ?? []), finding]);
  return groups;
}

/** Beside each field what was found there; a row that is just being filled in is not scolded for what is still empty. */
export function settleFindings(form) {
  for (const list of form.querySelectorAll(".beside")) {
    const name = list.id.slice("found-".length);
    if (!beside.has(name) || isBeingFilled(document.getElementById(name))) clear(document.getElementById(name), list);
  }
  for (const [name, found] of beside) {
    const control = name && document.getElementById(name);
    if (control?.matches("[data-kind]") && !isBeingFilled(control)) put(control, found);
  }
}

function isBeingFilled(control) {
  return control.value === "" && Boolean(control.closest("tr")?.contains(document.activeElement));
}

function put(control, found) {
  const block = control.closest("[data-balance]")?.querySelector("[data-block-findings]");
  const key = JSON.stringify(found.map(({ severity, message, hint }) => [severity, message, hint]));
  const old = document.getElementById(`found-${control.name}`);
  if (old?.dataset.key === key) return;
  const list = document.createElement("ul");
  list.className = "beside";
  list.id = `found-${control.name}`;
  list.dataset.key = key;
  list.append(...found.map((finding) => besideItem(finding, Boolean(block))));
  if (old) old.replaceWith(list);
  else (block ?? control.closest("td, .field")).append(list);
  const worst = ["E", "W", "I"].find((severity) => found.some((finding) => finding.severity === severity));
  control.classList.remove("found-E", "found-W", "found-I");
  control.classList.add(`found-${worst}`);
  control.toggleAttribute("aria-invalid", false);
  if (worst === "E") control.setAttribute("aria-invalid", "true");
  describe(control, list.id, true);
}

function clear(control, list) {
  list.remove();
  control.classList.remove("found-E", "found-W", "found-I");
  control.removeAttribute("aria-invalid");
  describe(control, list.id, false);
}

function describe(control, id, there) {
  const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean));
  if (there) ids.add(id);
  else ids.delete(id);
  if (ids.size) control.setAttribute("aria-describedby", [...ids].join(" "));
  else control.removeAttribute("aria-describedby");
}

function besideItem({ severity, message, short, hint }, whole) {
  const item = element("li", `beside-${severity}`);
  item.append(element("span", "visually-hidden", `${NAMES[severity]}：`), whole ? message : (short ?? message));
  if (hint) item.append(" ", element("span", "hint", hint));
  return item;
}

function showAssistant(all) {
  const groups = ["E", "W", "I"].map((severity) => [severity, all.filter((finding) => finding.severity === severity)]).filter(([, found]) => found.length);
  const pills = groups.map(([severity, found]) => element("span", `pill ${LOOKS[severity]}`, `${NAMES[severity]} ${found.length}`));
  if (!pills.length) {
    pills.push(element("span", "pill ok"));
    pills[0].append(icon("check-lg"), " 没有检查提示");
  }
  document.querySelector("[data-assistant-pills]").replaceChildren(...pills);
  const list = document.querySelector("[data-assistant-list]");
  list.replaceChildren(...(groups.length ? groups.map(section) : [element("p", "muted", "目前没有检查提示。")]));
}

function section([severity, found]) {
  const part = element("section", "findings-group");
  const head = element("h3", LOOKS[severity]);
  head.append(icon(ICONS[severity]), ` ${NAMES[severity]}（${found.length}）`);
  const list = element("ol", "finding-list");
  list.append(...found.map(line));
  part.append(head, list);
  return part;
}

function line({ code, message, short, hint, where, target }) {
  const item = element("li");
  const place = element(target ? "a" : "strong", "", where || (target ? "定位" : "全表"));
  if (target) place.href = `#${target}`;
  const text = element("p", "", `${short ?? message} `);
  if (code) text.append(element("span", "code", code));
  item.append(place, text);
  if (hint) item.append(element("p", "hint", hint));
  return item;
}

function showPanel(key, state, words) {
  const place = document.querySelector(`[data-panel-state="${key}"]`);
  if (!place) return;
  place.className = state;
  place.textContent = words;
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className.trim()) made.className = className.trim();
  if (text) made.textContent = text;
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Beside the form the list is open; above it, it is one line until somebody asks. */
export function openAssistant() {
  const wide = matchMedia("(min-width: 1400px)");
  for (const details of document.querySelectorAll("[data-assistant], [data-coverage-box]")) {
    details.open = wide.matches;
    wide.addEventListener("change", () => {
      details.open = wide.matches;
    });
  }
}
