// Where saving stands, in words.

const box = document.getElementById("save-state");
const text = box.querySelector("[data-save-text]");
const retry = box.querySelector("[data-retry]");
const choose = box.querySelector("[data-choose]");
const connection = document.getElementById("connection");

const WORDS = {
  unsaved: () => "未保存",
  saving: () => "正在保存…",
  saved: (time) => `已自动保存 ${time}`,
  refused: (count) => `有 ${count} 处没有保存，见各栏说明`,
  merged: (who) => who,
  conflict: () => "未保存：与他人的修改不一致，请选择",
  closed: () => "未保存：申报表已不能修改",
};
const FAILURES = {
  network: "保存失败，正在重试。您填写的内容仍在页面上",
  login: "登录已过期。请在新窗口重新登录后按“立即重试”，您填写的内容仍在页面上",
};

export function showStatus(state, detail = "") {
  const words = state === "failed" ? (FAILURES[detail] ?? `保存失败：${detail}`) : WORDS[state](detail);
  retry.hidden = state !== "failed";
  choose.hidden = state !== "conflict";
  box.dataset.state = state;
  if (text.textContent !== words) text.textContent = words;
}

const TROUBLES = {
  network: "网络已断开或服务器暂时不能访问。可以继续填写：没有保存的内容留存在这台电脑上，恢复连接后自动保存。",
  login: "登录已过期。可以继续填写：没有保存的内容留存在这台电脑上，在新窗口重新登录后自动保存。",
};

/** The line above the foot while nothing can be saved; `trouble` empty: all is well again. */
export function showConnection(trouble, message = "") {
  const words = trouble && (message || TROUBLES[trouble] || "");
  connection.hidden = !words;
  if (connection.firstChild?.textContent === words) return;
  connection.replaceChildren(...(words ? [words] : []));
  if (trouble === "login" || message) connection.append(" ", signInLink());
}

function signInLink() {
  return Object.assign(document.createElement("a"), { href: "/", target: "_blank", textContent: "重新登录（新窗口）" });
}
