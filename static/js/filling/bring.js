// The page that brings another table's values into a draft: all of a part at once, and how many are taken.

const form = document.getElementById("bring");
const count = document.querySelector("[data-bring-count]");

function show() {
  const offers = [...form.querySelectorAll("[data-offer]")];
  const taken = offers.filter((offer) => offer.querySelector("input[type=radio]:checked")?.value !== "keep");
  if (count) count.textContent = `将带入 ${taken.length} 项，共 ${offers.length} 项`;
}

// Without a script these buttons are answered by the server, with the same result.
form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-all]");
  if (!button) return;
  event.preventDefault();
  for (const offer of button.closest("section").querySelectorAll("[data-offer]")) {
    const choice = offer.querySelector(`input[type=radio][value="${button.dataset.all}"]`);
    if (choice) choice.checked = true;
  }
  show();
});

// Who edits a value on offer wants it.
form?.addEventListener("input", (event) => {
  const offer = event.target.closest("[data-offer]");
  if (offer && event.target.matches("textarea, input:not([type=radio])")) {
    const keep = offer.querySelector('input[type=radio][value="keep"]');
    if (keep?.checked) offer.querySelector('input[type=radio][value="take"]').checked = true;
  }
  show();
});

if (form) {
  form.addEventListener("change", show);
  show();
  document.documentElement.dataset.ready = "bring";
}
