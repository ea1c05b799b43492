// 一级指标 and 二级指标 go together: choosing a 二级指标 chooses its 一级指标.

import { controlIn } from "./rows.js";

export function listenToLevels(form, grids) {
  form.addEventListener("change", (event) => {
    const control = event.target;
    if (control.dataset.kind !== "level") return;
    const part = grids.partOf(control);
    const row = control.closest("tr");
    if (control.dataset.field === "level2") chooseLevel1(grids, part, row, control);
    else dropForeignLevel2(grids, part, row, control.value);
    grids.refresh(part);
    grids.changed();
  });
}

function chooseLevel1(grids, part, row, level2) {
  const group = level2.selectedOptions[0]?.closest("optgroup");
  if (group) grids.write(part, row, "level1", group.label);
}

function dropForeignLevel2(grids, part, row, level1) {
  const level2 = controlIn(row, "level2");
  const group = level2?.selectedOptions[0]?.closest("optgroup");
  if (group && group.label !== level1) grids.write(part, row, "level2", "");
}
