// Controls by name: "basic_expenditure", "key_tasks-<uuid>-funding".

const CELL = /^(key_tasks|indicators)-([0-9a-f-]{36})-(\w+)$/;

/** { grid, row, column } of a cell's control, null for a single field. */
export function cellOf(name) {
  const match = CELL.exec(name);
  return match && { grid: match[1], row: match[2], column: match[3] };
}

export function nameOf(grid, row, column) {
  return `${grid}-${row}-${column}`;
}

/** A new row's identity. randomUUID is there only on https and localhost; offices run plain http too. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** How a control is called for people: its label. */
export function labelOf(control) {
  return control.getAttribute("aria-label") || control.labels?.[0]?.firstChild?.textContent.trim() || control.name;
}
