// A whole form on the clipboard: kept like an uploaded file, and compared value by value before anything is taken over.

import { token } from "../saving/post.js";
import { ask } from "./asking.js";

const NAME = "粘贴的申报表";

/** Whether to compare it, or to take only the rows of this grid: "compare", "rows" or null. */
export function offerForm(answer, label) {
  const whose = answer.department ? `部门名称：${answer.department}` : "没有写部门名称";
  const rows = label && answer.rows.length ? [["rows", `只粘贴${label}的 ${answer.rows.length} 行`]] : [];
  return ask("这是整张申报表，逐项对照后带入", [whose, "对照之后由您选择采用哪些内容；确认之前草稿不会改动。"], [["compare", "逐项对照"], ...rows]);
}

/** Goes to the page that compares it with the draft; returns why it cannot be read. */
export async function compareForm(url, { text, html }, isTable) {
  const data = new FormData();
  data.append("file", isTable ? new File([page(html)], `${NAME}.html`) : new File([text], `${NAME}.txt`));
  const response = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
  if (!response.ok) return "没有读出申报表，请改用“从Excel导入到表单”上传文件";
  location.assign(response.url);
  return "";
}

function page(html) {
  return /^\s*<(?:!doctype\s+)?html/i.test(html) ? html : `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
}
