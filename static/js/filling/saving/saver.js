// When and how changes are sent: a second after the last key, at the latest ten seconds after the first, one save at a time.

import { post } from "./post.js";

const QUIET = 1000;
const LATEST = 10_000;
const SOON = 150;
const LONGEST_WAIT = 30_000;

export class Saver {
  /** `on`: status(state, detail), connection(trouble, message), saved(answer), stale(answer, sent), closed(answer). */
  constructor({ url, version, person, changes, order, on }) {
    Object.assign(this, { url, version, person, changes, order, on });
    this.timer = 0;
    this.since = 0;
    this.failures = 0;
    this.running = null;
    this.stopped = false;
  }

  touch() {
    // what is held for a choice is not sent, so nothing would ever say that it was saved
    if (!this.stopped && !this.changes.waits() && this.changes.held.size) return this.on.status("conflict");
    this.on.status(this.stopped ? "closed" : "unsaved");
    this.since ||= Date.now();
    this.plan(Math.min(QUIET, Math.max(0, this.since + LATEST - Date.now())));
  }

  soon() {
    this.plan(SOON);
  }

  plan(delay) {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  /** Sends everything that waits; true when nothing is left unsaved. */
  async flush() {
    clearTimeout(this.timer);
    if (this.stopped) return false;
    while (this.running) await this.running;
    if (this.changes.waits()) {
      this.running = this.send().finally(() => {
        this.running = null;
      });
      await this.running;
    }
    return !this.changes.pending();
  }

  async send() {
    this.on.status("saving");
    this.since = 0;
    const body = { person: this.person, ...this.changes.take(this.version, this.order) };
    const said = await this.post(body);
    if (said) this.answered(...said);
    else this.failed("network");
  }

  /** null: the server cannot be reached. */
  async post(body) {
    try {
      return await post(this.url, body);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
  }

  answered(response, answer) {
    if (response.redirected || response.status === 401) this.failed("login");
    else if (response.ok && answer) this.done(answer);
    else if (response.status === 409 && answer?.error === "stale") this.stale(answer);
    else if (answer?.error === "closed" || answer?.error === "forbidden") this.close(answer);
    else this.failed(answer?.error === "unusable" ? "unusable" : "network", answer?.message);
  }

  done(answer) {
    this.well();
    this.version = answer.version;
    this.changes.confirm(answer.values, answer.refused);
    this.on.saved(answer);
    const refused = this.changes.refused.size;
    if (this.changes.waits()) this.touch();
    else if (this.changes.held.size) this.on.status("conflict");
    else this.on.status(refused ? "refused" : "saved", refused ? String(refused) : answer.saved_at);
  }

  stale(answer) {
    this.well();
    const sent = this.changes.putBack();
    this.version = answer.version;
    this.on.stale(answer, sent);
  }

  well() {
    this.failures = 0;
    this.on.connection("");
  }

  close(answer) {
    if (this.stopped) return;
    this.stopped = true;
    clearTimeout(this.timer);
    this.changes.putBack();
    this.on.connection("");
    this.on.status("closed");
    this.on.closed(answer);
  }

  failed(why, message) {
    this.failures += 1;
    this.changes.putBack();
    this.on.status("failed", message ?? why);
    this.on.connection(why, message);
    this.plan(Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures));
  }
}
