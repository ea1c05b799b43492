// JSON to the server and back.

const LARGEST_LAST_WORD = 60_000; // browsers send no more than 64 kB for a page that is being closed

/** [response, its JSON or null]; rejects with TypeError when the server cannot be reached. `last`: the page may close. */
export async function post(url, data, { last = document.visibilityState === "hidden" } = {}) {
  const body = JSON.stringify(data);
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body,
    keepalive: last && new Blob([body]).size < LARGEST_LAST_WORD,
  });
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return [response, isJson ? await response.json() : null];
}

/** The token of now, not of when the page was loaded: logging in again in another tab changes it. */
export function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("[name=csrfmiddlewaretoken]").value;
}
