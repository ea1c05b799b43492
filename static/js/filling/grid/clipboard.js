// What is on the clipboard: rows of cells, out of its HTML where that holds a table, else out of its plain text.

import { rowsOfHtml } from "./html-table.js";
import { parseBlock } from "./paste.js";

const ONE_LINE = new Set(["amount", "count", "level"]);

export function readClipboard(data) {
  return { text: data.getData("text/plain"), html: data.getData("text/html") };
}

/**
 * { rows, hidden, isTable, isBlock } of a clipboard. `kind`: that of the control in which it is pasted; several lines of
 * plain text are running text in a text, and a column in an amount. `hidden`: rows that the table has and does not show.
 */
export function cellsOf({ text, html }, kind = "text") {
  const table = /<table[\s>]/i.test(html) ? rowsOfHtml(html) : { rows: [], hidden: 0 };
  const isTable = table.rows.length > 0;
  const rows = isTable ? table.rows : parseBlock(text);
  const isWide = rows.some((cells) => cells.length > 1);
  const isColumn = rows.length > 1 && (isTable || ONE_LINE.has(kind));
  const isOneCell = isTable && rows.flat().filter((cell) => cell.trim()).length < 2;
  return { rows, hidden: table.hidden, isTable, isBlock: !isOneCell && (isWide || isColumn) };
}
