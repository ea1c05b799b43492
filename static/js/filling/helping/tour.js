// The guided first visit: a few steps that point at parts of the page. It never starts unasked, and remembers that it was seen.

const tour = document.getElementById("tour");
const steps = [...tour.querySelectorAll("template[data-tour-step]")].filter((step) => document.querySelector(step.dataset.target));
const start = document.querySelector("[data-tour-start]");
const invite = document.querySelector("[data-tour-invite]");
const key = `fill-tour-seen-${tour.dataset.tourOf}`;
let at = 0;
let returnTo = null;

export function offerTour() {
  start.hidden = false;
  invite.hidden = wasSeen();
  start.addEventListener("click", begin);
  document.querySelector("[data-tour-dismiss]").addEventListener("click", () => {
    remember();
    start.focus();
  });
  tour.querySelector("[data-tour-next]").addEventListener("click", () => (at + 1 < steps.length ? show(at + 1) : end()));
  tour.querySelector("[data-tour-back]").addEventListener("click", () => show(Math.max(0, at - 1)));
  tour.querySelector("[data-tour-end]").addEventListener("click", end);
  tour.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
  if (new URLSearchParams(location.search).has("tour")) begin();
}

function begin() {
  returnTo = document.activeElement;
  tour.hidden = false;
  show(0);
}

function show(number) {
  at = number;
  const step = steps[at];
  unmark();
  const target = document.querySelector(step.dataset.target);
  target.classList.add("tour-target");
  target.scrollIntoView({ block: "center" });
  tour.querySelector("h2").textContent = step.dataset.title;
  tour.querySelector("[data-tour-text]").textContent = step.content.textContent.trim();
  tour.querySelector("[data-tour-number]").textContent = `${at + 1} / ${steps.length}`;
  tour.querySelector("[data-tour-back]").disabled = at === 0;
  tour.querySelector("[data-tour-next]").textContent = at + 1 < steps.length ? "下一步" : "完成";
  tour.classList.toggle("tour-top", target.getBoundingClientRect().top > window.innerHeight / 2);
  tour.querySelector("h2").focus({ preventScroll: true });
}

function end() {
  unmark();
  tour.hidden = true;
  remember();
  (returnTo?.isConnected && returnTo !== document.body ? returnTo : start).focus();
}

function unmark() {
  for (const target of document.querySelectorAll(".tour-target")) target.classList.remove("tour-target");
}

/** A browser that keeps nothing simply offers the tour again. */
function remember() {
  invite.hidden = true;
  try {
    localStorage.setItem(key, "1");
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

function wasSeen() {
  try {
    return localStorage.getItem(key) === "1";
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return false;
  }
}
