// One step back from a paste or a deletion: a line at the foot of the page, and Ctrl+Z until something is typed.

export class Undo {
  constructor() {
    this.box = document.createElement("div");
    this.box.className = "undo";
    this.box.hidden = true;
    this.words = document.createElement("span");
    this.words.setAttribute("role", "status");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-sm btn-outline-primary";
    this.button.textContent = "撤销";
    this.close = document.createElement("button");
    this.close.type = "button";
    this.close.className = "undo-close";
    this.close.setAttribute("aria-label", "关闭提示");
    this.close.textContent = "×";
    this.box.append(this.words, this.button, this.close);
    document.querySelector(".bottom-bar").prepend(this.box);
    this.button.addEventListener("click", () => this.run());
    this.close.addEventListener("click", () => this.hide());
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || !this.fresh || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      if (event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      this.run();
    });
  }

  offer(words, back) {
    this.back = back;
    this.fresh = true;
    this.words.textContent = words;
    this.button.hidden = !back;
    this.box.hidden = false;
  }

  /** Something was typed since: Ctrl+Z is the field's own again; the button stays. */
  forget() {
    this.fresh = false;
  }

  run() {
    const back = this.back;
    this.hide();
    back?.();
  }

  hide() {
    this.back = null;
    this.fresh = false;
    this.box.hidden = true;
  }
}
