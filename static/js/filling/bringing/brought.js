// Values brought in from last year or from a file: marked 未确认 until edited or confirmed.

const form = document.getElementById("fill");
const url = document.querySelector("[data-confirm-all]")?.action;
const waiting = new Map(); // control name -> { text, mark }
const sections = new Map(); // element with controls -> its button

export function markBrought() {
  const brought = JSON.parse(document.getElementById("brought")?.textContent || "{}");
  for (const [name, origin] of Object.entries(brought)) {
    const control = document.getElementById(name);
    if (control) waiting.set(name, { text: origin.text, mark: markBeside(control, origin) });
  }
  if (!waiting.size) return;
  for (const place of form.querySelectorAll(".grid-part, section:not(:has(.grid-part))")) addSection(place);
  for (const row of form.querySelectorAll("tr[data-row]")) addRowButton(row);
  form.addEventListener("click", clicked);
  form.addEventListener("keydown", pressed);
  for (const name of ["input", "focusout", "click"]) form.addEventListener(name, () => setTimeout(refresh));
  document.querySelector("[data-confirm-all]").addEventListener("submit", (event) => {
    event.preventDefault();
    confirm(open());
  });
  const next = document.querySelector("[data-brought-next]");
  next.hidden = false;
  next.addEventListener("click", goOn);
  refresh();
}

function markBeside(control, { place, original }) {
  const mark = element("div", { className: "origin" });
  const why = element("details");
  why.append(element("summary", { textContent: "未确认" }), element("p", { className: "written", textContent: `来自${place}：原文“${original || "（空）"}”` }));
  why.title = `来自${place}`;
  const button = element("button", { type: "button", className: "tool", textContent: "确认" });
  button.dataset.confirm = control.name;
  button.setAttribute("aria-label", `确认 ${control.getAttribute("aria-label") || control.labels[0].firstChild.textContent.trim()}`);
  mark.append(why, button);
  const beside = control.closest(".input-group") ?? control.parentElement.querySelector("[data-other-unit]") ?? control;
  beside.after(mark);
  return mark;
}

function addRowButton(row) {
  if (!namesIn(row).length) return;
  const button = element("button", { type: "button", className: "tool", textContent: "确认" });
  button.dataset.confirmRow = "";
  button.setAttribute("aria-label", `确认第${row.querySelector("[data-number]").textContent}项`);
  button.title = "确认这一行带入的内容（Alt+Enter）";
  row.querySelector(".col-tools").prepend(button);
}

function addSection(place) {
  if (!namesIn(place).length) return;
  const button = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary" });
  button.dataset.confirmSection = "";
  place.querySelector(".grid-head, .card-head").querySelector("h2, h3").after(button);
  sections.set(place, button);
}

/** The controls inside an element whose value still stands as it was brought. */
function namesIn(place) {
  return open().filter((name) => place.contains(document.getElementById(name)));
}

function open() {
  return [...waiting.keys()].filter((name) => document.getElementById(name)?.value === waiting.get(name).text);
}

function clicked(event) {
  const button = event.target.closest("button");
  if (!button) return;
  if ("confirm" in button.dataset) confirm([button.dataset.confirm], document.getElementById(button.dataset.confirm));
  else if ("confirmRow" in button.dataset) confirm(namesIn(button.closest("tr")), button.closest("tr").querySelector("[data-kind]"));
  else if ("confirmSection" in button.dataset) confirm(namesIn(button.closest(".grid-part, section")), button.closest("section"));
}

function pressed(event) {
  if (event.isComposing || event.key !== "Enter" || !event.altKey || event.ctrlKey || event.shiftKey) return;
  const names = namesIn(event.target.closest("tr, .field") ?? form.ownerDocument.createElement("p"));
  if (!names.length) return;
  event.preventDefault();
  confirm(names);
}

async function confirm(names, focus = null) {
  const taken = names.map((name) => [name, waiting.get(name)]);
  for (const name of names) {
    waiting.get(name).mark.hidden = true;
    waiting.delete(name);
  }
  refresh();
  focus?.focus();
  const done = await send(names);
  if (!done) for (const [name, kept] of taken) waiting.set(name, kept);
  refresh();
  announce(done ? `已确认 ${names.length} 处` : "没有确认成功，请检查网络后再试");
}

async function send(names) {
  try {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ names }), keepalive: true });
    return response.ok && !response.redirected;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function goOn() {
  const controls = open().map((name) => document.getElementById(name));
  const here = document.activeElement.dataset?.kind ? document.activeElement : null;
  const after = here && controls.find((each) => here.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = after ?? lastSeenAfter(controls);
  next?.scrollIntoView({ block: "center" });
  next?.focus({ preventScroll: true });
  seen = next;
}

let seen = null;
function lastSeenAfter(controls) {
  const after = seen && controls.find((each) => seen.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  return after ?? controls[0];
}

/** An edited value needs no mark; one that says again what was brought has it back. */
function refresh() {
  const names = new Set(open());
  for (const [name, { mark }] of waiting) mark.hidden = !names.has(name);
  for (const row of form.querySelectorAll("tr:has([data-confirm-row])")) row.querySelector("[data-confirm-row]").hidden = !namesIn(row).length;
  for (const [place, button] of sections) {
    const count = namesIn(place).length;
    button.textContent = `确认本节 ${count} 处`;
    button.hidden = !count;
  }
  const box = document.querySelector("[data-brought]");
  box.querySelector("[data-brought-count]").textContent = names.size;
  for (const part of box.querySelectorAll(".brought-count, [data-brought-next], [data-confirm-all]")) part.hidden = !names.size;
}

function announce(words) {
  document.getElementById("announcer").textContent = words;
}

function element(name, values = {}) {
  return Object.assign(document.createElement(name), values);
}

/** The token of now: logging in again in another tab changes it. */
function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("[name=csrfmiddlewaretoken]").value;
}
