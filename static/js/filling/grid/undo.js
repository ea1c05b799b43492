// Steps back from pastes and deletions: a line at the foot of the page for the last one, and Ctrl+Z until something is typed.

const MOST = 50;

export class Undo {
  constructor() {
    this.steps = []; // [words, function that takes it back]
    this.box = element("div", "undo");
    this.box.hidden = true;
    this.words = element("span");
    this.words.setAttribute("role", "status");
    this.button = element("button", "btn btn-sm btn-outline-primary", "撤销");
    this.close = element("button", "undo-close", "×");
    this.close.setAttribute("aria-label", "关闭提示");
    this.box.append(this.words, this.button, this.close);
    document.querySelector(".bottom-bar").prepend(this.box);
    this.button.addEventListener("click", () => this.run());
    this.close.addEventListener("click", () => this.hide());
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    if (event.isComposing || event.keyCode === 229 || !this.fresh) return;
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    this.run();
  }

  /** `back` takes the step back; without it only the words are shown. */
  offer(words, back) {
    if (back) this.steps.push([words, back]);
    if (this.steps.length > MOST) this.steps.shift();
    this.show(words, Boolean(back));
  }

  show(words, mayGoBack) {
    this.fresh = mayGoBack;
    this.words.textContent = words;
    this.button.hidden = !mayGoBack;
    this.box.hidden = false;
  }

  /** Something was typed since: Ctrl+Z is the field's own again; the button stays. */
  forget() {
    this.fresh = false;
  }

  /** Takes the last step back, and offers the one before it. */
  run() {
    const step = this.steps.pop();
    this.hide();
    step?.[1]();
    if (this.steps.length) this.show(this.steps.at(-1)[0], true);
  }

  hide() {
    this.fresh = false;
    this.box.hidden = true;
  }
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (tag === "button") made.type = "button";
  made.className = className;
  made.textContent = text;
  return made;
}
