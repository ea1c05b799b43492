// The next declaration is asked for while this one is read, so that J finds it at hand. The browser asks the server
// again before it shows what it stored, and shows it only if nothing changed meanwhile.

const next = document.querySelector('a[data-key="j"]');
const asking = new AbortController();

async function ask() {
  try {
    const answer = await fetch(next.href, { headers: { "X-Review-Ahead": "1" }, priority: "low", redirect: "error", signal: asking.signal });
    await answer.arrayBuffer(); // stored once it is read to its end
    document.documentElement.dataset.ahead = "ready";
  } catch {
    // Nothing is lost: J then asks for the page itself.
  }
}

// Who goes there while it is still being asked for would have to wait for that answer in the browser's cache.
next?.addEventListener("click", () => asking.abort());

if (next && !navigator.connection?.saveData) {
  if ("requestIdleCallback" in window) requestIdleCallback(ask, { timeout: 3000 });
  else setTimeout(ask, 1000);
}
