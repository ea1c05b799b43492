// The import desk: files dropped on the page, how many are chosen, details that fold away again.

const MOST_FILES = 100;
const MEBIBYTE = 1024 * 1024;
const limit = (file) => (file.name.toLowerCase().endsWith(".zip") ? 200 : 20) * MEBIBYTE;

function size(bytes) {
  return bytes < MEBIBYTE ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}

/** What is wrong with a choice of files, or nothing; the server looks again. */
function objection(files) {
  if (files.length > MOST_FILES) return `一次最多 ${MOST_FILES} 个文件，您选了 ${files.length} 个；更多的请压缩成一个 .zip 后上传。`;
  const large = files.filter((file) => file.size > limit(file));
  return large.length ? `“${large[0].name}”超过 ${limit(large[0]) / MEBIBYTE} MB，不能上传。` : "";
}

function listFiles(form) {
  const files = [...form.elements.files.files];
  form.querySelector("[data-upload-list]").replaceChildren(
    ...files.slice(0, 200).map((file) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const bytes = document.createElement("span");
      name.textContent = file.name;
      bytes.textContent = size(file.size);
      item.append(name, bytes);
      item.classList.toggle("too-large", file.size > limit(file));
      return item;
    }),
  );
  const error = form.querySelector("[data-upload-error]");
  error.textContent = objection(files);
  error.hidden = !error.textContent;
}

function acceptDrops(form) {
  const zone = form.querySelector("[data-dropzone]");
  form.querySelector("[data-drop-hint]").hidden = false;
  form.elements.files.classList.add("visually-hidden"); // its label is the button; what was chosen is listed
  form.elements.files.addEventListener("change", () => listFiles(form));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const kept = new DataTransfer();
    for (const file of [...form.elements.files.files, ...event.dataTransfer.files]) kept.items.add(file);
    form.elements.files.files = kept.files;
    listFiles(form);
  });
  form.addEventListener("submit", (event) => {
    if (!objection([...form.elements.files.files])) return;
    event.preventDefault();
    form.elements.files.focus();
  });
}

const boxesOf = (form) => [...form.elements].filter((control) => control.name === "take");

/** The number on the button is the number of ticked boxes; without any there is nothing to bring in. */
function countTaken() {
  const form = document.querySelector("[data-preview]");
  if (!form) return;
  const boxes = boxesOf(form);
  const here = boxes.filter((box) => box.checked).length;
  const taken = here + Number(form.dataset.elsewhere); // ticked on other pages
  const count = form.querySelector("[data-apply-count]");
  if (count) {
    count.textContent = taken;
    form.querySelector("[data-apply]").disabled = taken === 0;
  }
  const all = document.querySelector("[data-take-all]");
  if (all) {
    all.hidden = boxes.length < 2;
    all.checked = here === boxes.length;
    all.indeterminate = here > 0 && here < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-take-all]")) {
    for (const box of boxesOf(document.querySelector("[data-preview]"))) box.checked = event.target.checked;
  }
  countTaken();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-collapse]");
  if (!button) return;
  const cell = button.closest(".import-more");
  cell.closest("tbody").querySelector("a[hx-get]").focus();
  cell.replaceChildren();
});
document.addEventListener("htmx:afterSettle", (event) => {
  countTaken();
  // what became of a decision is said at the top; from there one goes on
  if (event.detail.requestConfig?.elt.closest(".troubles")) {
    event.target.querySelector(".import-fix-field :is(input:not([type=hidden]), textarea)")?.focus();
  }
  if (event.target.id !== "import-preview") return;
  // a department that is none is said at its field, and typed again there
  const refused = event.target.querySelector(".import-question [aria-invalid]");
  (refused ?? event.target.querySelector("[data-said]"))?.focus();
});

const NO_ANSWER = "没有连上服务器，这一次没有执行。请检查网络后再试；这一页上填写的内容还在。";
const LOGGED_OUT = "登录已过期，这一次没有执行。请先复制填写的内容，再刷新页面重新登录。";

/** Says why nothing was done, beside what was pressed; false where nobody pressed anything. */
function tell(element, words) {
  const place = element.closest("form") ?? (element.matches("a") && element.parentElement);
  if (!place) return false;
  const said = place.querySelector("[data-refused]") ?? document.createElement("p");
  said.dataset.refused = "";
  said.className = "error";
  said.setAttribute("role", "alert");
  said.textContent = words;
  place.append(said);
  return true;
}

/** What the server says where it refuses; the progress is asked for again by itself. */
function tellRefusal({ detail }) {
  const answer = new DOMParser().parseFromString(detail.xhr?.responseText ?? "", "text/html");
  const words = [...answer.querySelectorAll("main p")].slice(0, 2).map((line) => line.textContent.trim());
  tell(detail.elt, words.join("") || NO_ANSWER);
}

document.addEventListener("htmx:responseError", tellRefusal);
document.addEventListener("htmx:sendError", tellRefusal);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (!new URL(xhr.responseURL).pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false; // the login page has no place within this one
  if (!tell(requestConfig.elt, LOGGED_OUT)) window.location.reload();
});
for (const form of document.querySelectorAll("[data-upload]")) acceptDrops(form);
countTaken();
