// A block copied from Excel or WPS: text to cells to rows of a grid. No page here: plain values in, plain values out.

const SERIAL = new Set(["序号", "编号", "no", "no."]);

/** Rows of cells of a tab-separated text; cells in quotes may hold tabs, line breaks and doubled quotes. */
export function parseBlock(text) {
  const rows = [[]];
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at <= source.length; ) {
    const [cell, end] = source[at] === '"' ? quoted(source, at) : bare(source, at);
    rows.at(-1).push(cell);
    if (source[end] === "\n") rows.push([]);
    at = end + 1;
  }
  return rows;
}

function bare(source, at) {
  const end = endOfCell(source, at);
  return [source.slice(at, end), end];
}

/** A quoted cell; a quote that never closes properly is a plain character of the text. */
function quoted(source, at) {
  for (let close = source.indexOf('"', at + 1); close !== -1; close = source.indexOf('"', close + 1)) {
    if (source[close + 1] === '"') close += 1;
    else if (close + 1 >= source.length || "\t\n".includes(source[close + 1])) {
      return [source.slice(at + 1, close).replaceAll('""', '"'), close + 1];
    } else break;
  }
  return bare(source, at);
}

function endOfCell(source, at) {
  const found = source.slice(at).search(/[\t\n]/);
  return found === -1 ? source.length : at + found;
}

/** Whether a pasted text is a block of cells, not running text. `html` is the same clipboard as HTML. */
export function isBlock(text, html = "") {
  const rows = parseBlock(text);
  if (text.includes("\t")) return rows.length > 1 || rows[0].length > 1;
  return rows.length > 1 && /<table[\s>]/i.test(html);
}

/** A label as it is compared: full-width forms folded, no white space, no brackets. */
export function labelKey(text) {
  return text.normalize("NFKC").replace(/\s/g, "").replace(/\([^)]*\)/g, "").replace(/:$/, "").toLowerCase();
}

export function unitOf(label) {
  return /\(.*?(万元|元)\)/.exec(label.normalize("NFKC").replace(/\s/g, ""))?.[1] ?? "";
}

/**
 * What to write: { rows: [{ column: text }], surplus }.
 * columns: [{ field, label, unit }] left to right; levels: { spelling: [level1, level2] };
 * start: the field that the cursor is in. `surplus`: columns of the block that found no place.
 */
export function planPaste(block, { columns, levels, start }) {
  let rows = block.filter((cells) => cells.some((cell) => cell.trim()));
  const head = rows.findIndex((cells, i) => i < 3 && isHead(cells, columns));
  const map = head === -1 ? byPlace(rows, columns, levels, start) : byHead(rows[head], columns);
  rows = rows.slice(head + 1).filter((cells) => !isHead(cells, columns));
  const written = rows.map((cells) => rowOf(cells, map)).filter((row) => Object.values(row).some(Boolean));
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  const surplus = Array.from({ length: width }, (_, i) => i).filter((i) => !map[i] && rows.some((cells) => cells[i]?.trim()) && !isSerial(rows, i));
  return { rows: fillLevels(written, levels), surplus: surplus.length - (map.skipped ?? 0) };
}

function isHead(cells, columns) {
  const labels = columns.map((column) => labelKey(column.label));
  const there = cells.filter((cell) => cell.trim());
  const known = there.filter((cell) => labels.includes(labelKey(cell)) || SERIAL.has(labelKey(cell)));
  return known.length >= 2 && known.length * 2 >= there.length;
}

/** Column of the block -> { field, unit } by the labels of its head row. */
function byHead(cells, columns) {
  return cells.map((cell) => {
    const column = columns.find((each) => labelKey(each.label) === labelKey(cell));
    const unit = column?.unit ? unitOf(cell) : "";
    return column && { field: column.field, unit: unit && unit !== column.unit ? unit : "" };
  });
}

/** Column of the block -> { field } from the cursor on, or from where 二级指标 are recognised. */
function byPlace(rows, columns, levels, start) {
  const width = Math.max(...rows.map((cells) => cells.length));
  const level = columns.findIndex((column) => column.field === "level2");
  let first = columns.findIndex((column) => column.field === start);
  const found = level === -1 ? -1 : levelColumn(rows, width, levels);
  if (found !== -1) first = level - found;
  else if (width > columns.length - first) first = fitting(rows, width, columns);
  const map = Array.from({ length: width }, (_, i) => columns[i + first] && { field: columns[i + first].field, unit: "" });
  map.skipped = Math.max(0, -first);
  return map;
}

/** A whole row of the form was copied: its merged first cell stands before the columns. */
function fitting(rows, width, columns) {
  const filled = rows.filter((cells) => cells[0]?.trim()).length;
  return width > columns.length && (isSerial(rows, 0) || filled <= 1) ? -1 : 0;
}

function isSerial(rows, i) {
  return rows.length > 1 && rows.every((cells, n) => cells[i]?.trim() === String(n + 1));
}

/** The column that holds 二级指标, by their text; -1 if none does. */
function levelColumn(rows, width, levels) {
  const known = (i) => rows.filter((cells) => levels[labelKey(cells[i] ?? "")]).length;
  const there = (i) => rows.filter((cells) => cells[i]?.trim()).length;
  return Array.from({ length: width }, (_, i) => i).findIndex((i) => known(i) > 0 && known(i) * 2 >= there(i));
}

function rowOf(cells, map) {
  const row = {};
  cells.forEach((cell, i) => {
    if (!map[i]) return;
    const text = cell.trim();
    row[map[i].field] = map[i].unit && /\d$/.test(text) ? text + map[i].unit : text;
  });
  return row;
}

/** Merged cells come out once, then blank: levels are carried down, and a 二级指标 says its 一级指标. */
function fillLevels(rows, levels) {
  if (!rows.some((row) => "level2" in row)) return rows;
  let above = { level1: "", level2: "" };
  for (const row of rows) {
    const known = levels[labelKey(row.level2 ?? "")];
    if (known) above = { level1: row.level1 || known[0], level2: known[1] };
    else if (row.level2) above = { level1: row.level1 || above.level1, level2: row.level2 };
    else if (row.level1 && row.level1 !== above.level1) above = { level1: row.level1, level2: "" };
    Object.assign(row, above);
  }
  return rows;
}
