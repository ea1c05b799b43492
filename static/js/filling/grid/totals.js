// Sums while typing, exact: whole cents in BigInt.

import { cents, format, share } from "./amounts.js";

export function showTotals(form) {
  const tasks = sum(form.querySelectorAll('[data-rows="key_tasks"] tbody [data-kind="amount"]'));
  write(form.querySelectorAll("[data-tasks-yuan]"), format(tasks.amount, "元"));
  write(form.querySelectorAll("[data-tasks-wan]"), format(tasks.amount, "万元"));
  const project = document.getElementById("project_expenditure");
  const percent = project ? share(tasks.amount, cents(project.value, "万元") ?? 0n) : "";
  for (const place of form.querySelectorAll("[data-tasks-share]")) {
    write([place], percent && `${place.dataset.lead}${percent}`);
  }
  for (const block of form.querySelectorAll("[data-balance]")) showBalance(block);
  for (const control of form.querySelectorAll('tbody [data-kind="amount"]')) showOtherUnit(control);
}

function showBalance(block) {
  const sums = [...block.querySelectorAll("[data-sum-of]")].map((group) => sum(group.querySelectorAll('[data-kind="amount"]')));
  const places = block.querySelectorAll("[data-sum]");
  for (const [i, { amount }] of sums.entries()) write([places[i]], format(amount, "万元"));
  const [state, words] = verdict(...sums, cents(block.dataset.balance, "万元") ?? 0n);
  const place = block.querySelector("[data-verdict]");
  place.classList.toggle("ok", state === "ok");
  place.classList.toggle("error", state === "error");
  write([place], words);
}

/** `tolerance` in cents: what the check of the year allows, as the page says it */
function verdict(left, right, tolerance) {
  if (left.unread || right.unread) return ["error", `有 ${left.unread + right.unread} 项不是金额，未计入合计`];
  if (!left.there && !right.there) return ["", ""];
  const difference = left.amount > right.amount ? left.amount - right.amount : right.amount - left.amount;
  if (difference > tolerance) return ["error", `✗ 不平衡，相差 ${format(difference, "万元")} 万元`];
  return ["ok", difference ? `✓ 平衡（相差 ${format(difference, "万元")} 万元，在允许范围内）` : "✓ 平衡"];
}

/** { amount in cents, how many are there, how many are no amount } */
function sum(controls) {
  const total = { amount: 0n, there: 0, unread: 0 };
  for (const control of controls) {
    const value = cents(control.value, control.dataset.unit);
    if (value === undefined) total.unread += 1;
    else if (value !== null) {
      total.amount += value;
      total.there += 1;
    }
  }
  return total;
}

/** Beside 200,000 元 stands 20.00 万元: a unit mistaken for the other one shows at once. */
function showOtherUnit(control) {
  const place = control.parentElement.querySelector("[data-other-unit]");
  if (!place) return;
  const value = cents(control.value, control.dataset.unit);
  const other = control.dataset.unit === "元" ? "万元" : "元";
  write([place], value ? `${format(value, other)} ${other}` : "");
}

function write(places, text) {
  for (const place of places) if (place.textContent !== text) place.textContent = text;
}
