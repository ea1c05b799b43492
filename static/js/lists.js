// A list that is being read or written: the button works once, and the page says what it waits for.

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    form.querySelector("[data-busy-words]").textContent = form.dataset.busy;
  });
  // the back button brings a page as it was left
  window.addEventListener("pageshow", () => {
    form.removeAttribute("aria-busy");
    form.querySelector("[data-busy-words]").textContent = "";
  });
}
