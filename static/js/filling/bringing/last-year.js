// Last year's row beside this year's: a button at the end of each row that has one.

const dialog = document.getElementById("last-year-row");

export function offerLastYear() {
  const last = JSON.parse(document.getElementById("last-year")?.textContent || "{}");
  for (const [id, said] of Object.entries(last.rows ?? {})) {
    const row = document.getElementById(`row-${id}`);
    if (row) row.querySelector(".col-tools").append(button(row, last.name, said));
  }
}

function button(row, name, said) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: "上年" });
  const number = () => row.querySelector("[data-number]").textContent;
  made.setAttribute("aria-label", `看上年的第${number()}项对应内容`);
  made.setAttribute("aria-haspopup", "dialog");
  made.addEventListener("click", () => show(`第${number()}项在${name}中`, said));
  return made;
}

function show(title, said) {
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("dl").replaceChildren(
    ...said.flatMap(([label, text]) => [
      Object.assign(document.createElement("dt"), { textContent: label }),
      Object.assign(document.createElement("dd"), { className: "written", textContent: text }),
    ]),
  );
  dialog.showModal();
}
