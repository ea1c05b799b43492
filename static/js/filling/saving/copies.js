// What is not saved yet, kept on this computer: one entry an open page, found again by person and declaration.
// In IndexedDB and not localStorage: what was written there is on the disk even if the browser is killed a moment later.

const NAME = "unsaved-declarations";
const STORE = "pages";
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "page" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function inStore(mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode, { durability: "strict" });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** `copy`: { page, person, declaration, at, version, … }. All of these reject where the browser keeps nothing. */
export function put(copy) {
  return inStore("readwrite", (store) => store.put(copy));
}

export function remove(page) {
  return inStore("readwrite", (store) => store.delete(page));
}

/** The copies that this person left of this declaration, the oldest first; nobody else's. */
export async function copiesOf(person, declaration) {
  const all = await inStore("readonly", (store) => store.getAll());
  return all.filter((copy) => copy.person === person && copy.declaration === declaration).sort((a, b) => a.at - b.at);
}

/** "11月24日 19:05" */
export function moment(at) {
  return new Date(at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
}
