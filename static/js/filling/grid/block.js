// Asking the server what a pasted block means: it reads blocks with the knowledge by which it reads files.

import { post } from "../saving/post.js";
import { ask } from "./asking.js";

const PATIENCE = 4000;
const LEAVE_OUT = "-";

/**
 * The answer for a block, with all its questions settled; null where the person broke off, undefined where the server
 * cannot be asked. `place`: { rows, grid, field }.
 */
export async function understand(url, place, isWanted = () => true) {
  const given = { ...place, answers: {}, unit: "" };
  for (let round = 0; round < 9; round += 1) {
    const answer = await sent(url, given);
    if (!answer || !isWanted(answer) || !answer.questions.length) return answer;
    for (const question of answer.questions) if (!(await settle(question, given))) return null;
  }
  return null;
}

async function sent(url, given) {
  try {
    const [response, answer] = await Promise.race([post(url, given, { last: false }), late()]);
    return response?.ok ? (answer ?? undefined) : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // no connection
    throw error;
  }
}

function late() {
  return new Promise((resolve) => setTimeout(() => resolve([null, null]), PATIENCE));
}

async function settle(question, given) {
  const none = question.kind === "unit" ? [] : [[LEAVE_OUT, "都不是，不粘贴这一列"]];
  const chosen = await ask(question.message, [], [...question.choices, ...none]);
  if (chosen === null) return false;
  if (question.kind === "unit") given.unit = chosen;
  else given.answers[question.key] = chosen === LEAVE_OUT ? "" : chosen;
  return true;
}

/** What of a block did not find a place, in words; empty where all of it did. */
export function leftWords(answer, hidden = 0) {
  const columns = [...answer.skipped, ...(answer.surplus ? [`多出的 ${answer.surplus} 列`] : [])];
  const parts = [
    columns.length && `未粘贴的列：${columns.join("、")}`,
    answer.lines.length && `未粘贴的行：${short(answer.lines)}`,
    hidden && `隐藏的 ${hidden} 行未粘贴`,
    ...answer.elsewhere.map(([label, count]) => `${label}的 ${count} 行未粘贴`),
  ];
  return parts.filter(Boolean).map((part) => `；${part}`).join("");
}

function short(lines) {
  const shown = lines.slice(0, 3).map((line) => (line.length > 14 ? `${line.slice(0, 13)}…` : line));
  return shown.join("、") + (lines.length > 3 ? `等 ${lines.length} 行` : "");
}
