// Who else has this declaration open, and what they changed: asked every 15 seconds, no more than a small request.

import { post } from "./post.js";

const EVERY = 15_000;
const HIDDEN_EVERY = 60_000;
const TROUBLED_EVERY = 5_000;

export class Together {
  /** `on`: news(answer), closed(answer), connection(trouble, message). */
  constructor({ url, page, person, saver, changes, on }) {
    Object.assign(this, { url, page, person, saver, changes, on });
    this.box = document.getElementById("together");
    this.composing = false;
    this.again = false; // somebody asked while an answer was on its way
    document.addEventListener("compositionstart", () => (this.composing = true));
    document.addEventListener("compositionend", () => (this.composing = false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.ask());
    window.addEventListener("online", () => this.ask());
    window.addEventListener("offline", () => this.on.connection("network"));
    window.addEventListener("pageshow", (event) => event.persisted && this.ask());
    window.addEventListener("pagehide", () => this.leave());
    this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    this.again = this.asking;
    if (this.saver.stopped || this.asking) return;
    this.asking = true;
    const said = await this.post();
    this.asking = false;
    const isWell = said?.[0].ok && !said[0].redirected;
    this.timer = setTimeout(() => this.ask(), !isWell ? TROUBLED_EVERY : document.visibilityState === "hidden" ? HIDDEN_EVERY : EVERY);
    if (this.again) this.ask();
    if (said) this.answered(...said);
    else this.on.connection("network");
  }

  /** null: the server cannot be reached. */
  async post() {
    try {
      return await post(this.url, this.word());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
  }

  word() {
    const section = document.activeElement?.closest("section[id^=panel-]")?.id.slice("panel-".length) ?? "";
    return { page: this.page, person: this.person, version: this.saver.version, section };
  }

  answered(response, answer) {
    if (response.redirected || response.status === 401) this.on.connection("login");
    else if (response.ok && answer) this.heard(answer);
    else if (answer?.error === "closed" || answer?.error === "forbidden") this.on.closed(answer);
    else if (answer?.message) this.on.connection("person", answer.message);
    else this.on.connection("network");
  }

  heard(answer) {
    this.on.connection("");
    this.showPeople(answer.people);
    if (this.changes.waits()) this.saver.soon();
    else if (answer.texts && answer.version > this.saver.version && this.changes.quiet() && !this.composing) this.on.news(answer);
  }

  showPeople(people) {
    const names = [...new Set(people.map(({ name }) => name))];
    const words = names.length ? `${names.join("、")} 也打开了这份申报表。各自修改的内容会自动合并。` : "";
    if (this.box.textContent !== words) this.box.textContent = words;
    this.box.hidden = !words;
    for (const old of document.querySelectorAll(".contents .here")) old.remove();
    for (const { name, section } of people) {
      const place = section === "" ? null : document.querySelector(`.contents a[href="#panel-${section}"]`);
      place?.append(Object.assign(document.createElement("small"), { className: "here", textContent: `${name} 正在填写` }));
    }
  }

  leave() {
    if (!this.saver.stopped) post(this.url, { ...this.word(), leaving: true }, { last: true }).catch(() => {});
  }
}
