// The tables of a clipboard's HTML as rows of texts, as a person sees them: Excel, WPS, Word, LibreOffice, web pages.

const BLOCKS = "p, div, li, h1, h2, h3, h4, h5, h6, caption, blockquote, dd, dt";
const NOT_SEEN = "script, style, template, noscript, select, textarea, button, svg, del, s, strike";
const GONE = /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|text-decoration(?:-line)?\s*:[^;]*line-through/i;
const BETWEEN_WIDE = /(?<=[\u2e80-\uffef])[ \t\r\f]*\n[ \t\r\n\f]*(?=[\u2e80-\uffef])/g; // a line break of the source
const MOST_SPAN = 1000;

/** { rows: [[text]], hidden } of all tables of a page; rows is empty without any. `hidden`: how many rows nobody sees. */
export function rowsOfHtml(html) {
  const page = new DOMParser().parseFromString(quiet(html), "text/html"); // inert: nothing runs, nothing is fetched
  const gone = classesThatHide(page);
  const isGone = (element) => element.hidden || GONE.test(element.dataset.style ?? "") || [...element.classList].some((name) => gone.has(name));
  const tables = [...page.querySelectorAll("table")].filter((table) => !table.querySelector("table"));
  const found = { rows: [], hidden: 0 };
  for (const table of tables) readTable(table, isGone, found);
  return found;
}

/** Styles are read here and never applied, which the page's own policy would object to. */
function quiet(html) {
  const styles = html.replace(/<(\/?)style\b/gi, "<$1textarea");
  return styles.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
}

function classesThatHide(page) {
  const rules = [...page.querySelectorAll("textarea")].flatMap((style) => [...style.textContent.matchAll(/\.([\w-]+)\s*\{([^}]*)\}/g)]);
  return new Set(rules.filter(([, , looks]) => GONE.test(looks)).map(([, name]) => name));
}

function readTable(table, isGone, found) {
  const taken = []; // how many rows more a cell above reaches down, by column
  for (const row of table.rows) {
    const texts = [];
    for (const cell of row.cells) place(texts, taken, cell, isGone(cell) ? "" : textOf(cell, isGone));
    taken.forEach((rows, column) => {
      taken[column] = Math.max(0, rows - 1);
      texts[column] ??= "";
    });
    if (!isGone(row)) found.rows.push([...texts].map((text) => text ?? ""));
    else if (texts.some((text) => text)) found.hidden += 1;
  }
}

function place(texts, taken, cell, text) {
  let column = texts.length;
  while (taken[column] > 0) texts[column++] = "";
  for (let i = 0; i < Math.min(cell.colSpan, MOST_SPAN); i += 1) {
    texts[column + i] = i ? "" : text;
    if (cell.rowSpan !== 1) taken[column + i] = cell.rowSpan || MOST_SPAN;
  }
}

/** Spaces of the source are one; lines break where the page breaks them. */
function textOf(cell, isGone) {
  const parts = [];
  gather(cell, isGone, parts);
  const lines = parts.join("").replace(/\u00a0/g, " ").split("\n").map((line) => line.trim());
  return lines.join("\n").replace(/\n{2,}/g, "\n").replace(/^\n|\n$/g, "");
}

function gather(node, isGone, parts) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) parts.push(child.data.replace(BETWEEN_WIDE, "").replace(/[ \t\r\n\f]+/g, " "));
    if (child.nodeType !== Node.ELEMENT_NODE || child.matches(NOT_SEEN) || isGone(child)) continue;
    const edge = child.matches(BLOCKS) ? "\n" : "";
    parts.push(child.tagName === "BR" ? "\n" : edge);
    gather(child, isGone, parts);
    parts.push(edge);
  }
}
