// Amounts as people type them, as whole cents in BigInt: sums on the page are exact. The server's rules are units.py.

const AMOUNT = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?$/;
const POWER = { 十万元: 5, 百万元: 6, 千万元: 7, 万元: 4, 百元: 2, 千元: 3, 亿元: 8, 元: 0 };
// The longer first: 百万元 also ends in 万元, and that in 元.
const SUFFIXES = [...Object.entries(POWER), ["亿", 8], ["万", 4]];
const LIMIT = 10n ** 12n;

/** Cents of a text under a label in `unit`; null where there is none, undefined where it is no amount. */
export function cents(text, unit) {
  let digits = text.normalize("NFKC").replace(/\s/g, "").replace(/[−–—―‐‑‒﹣─━]/g, "-").replace(/，/g, ",").replace(/。/g, ".");
  digits = digits.replace(/^['‘’`]+/, "").replace(/^人民币/, "").replace(/^[¥￥]+/, "");
  if (digits === "") return null;
  let power = POWER[unit];
  const suffix = SUFFIXES.find(([word]) => digits.endsWith(word));
  if (suffix) {
    digits = digits.slice(0, -suffix[0].length);
    power = suffix[1];
  }
  if (!AMOUNT.test(digits)) return undefined;
  return inCents(digits.replace(/[,+]/g, ""), power, LIMIT * 10n ** BigInt(POWER[unit] + 2));
}

function inCents(digits, power, limit) {
  if (digits.startsWith("-")) return /[1-9]/.test(digits) ? undefined : 0n;
  const [whole, fraction = ""] = digits.split(".");
  const scaled = BigInt(whole + fraction) * 10n ** BigInt(power + 2);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n || scaled / divisor >= limit) return undefined;
  return scaled / divisor;
}

/** "1,069.37": grouped by threes, at least two places, no zeros behind them. */
export function format(amount, unit) {
  const places = POWER[unit] + 2;
  const digits = amount.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, -places).replace(/\B(?=(\d{3})+$)/g, ",");
  const fraction = digits.slice(-places).replace(/0+$/, "").padEnd(2, "0");
  return `${whole}.${fraction}`;
}

/** "62.5%": one place, rounded half up; empty where there is no whole. */
export function share(part, whole) {
  if (!whole) return "";
  const tenths = (part * 2000n + whole) / (whole * 2n);
  const digits = tenths.toString().padStart(2, "0");
  return `${digits.slice(0, -1).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-1)}%`;
}
