// Sends files to their uploads: some at a time, large ones in parts, again after a lost connection.
//
// What has arrived is never guessed: after anything that broke off, the upload is asked.

import { Refused, SignedOut, Unreachable, call, put, wait } from "./server.js";

const PART = 8 * 1024 * 1024;
const AT_A_TIME = 3;
const LONGEST_WAIT = 15;

export class Sender {
  /**
   * `rows` need {file, uploadId, address, sent, state}; `changed(row)` is called whenever one of them
   * has changed, `told(word)` with "offline", "online" and "signedOut".
   */
  constructor({ changed, told, begin }) {
    this.changed = changed;
    this.told = told;
    this.begin = begin;
    this.waiting = [];
    this.workers = 0;
    this.stopper = new AbortController();
    this.isPaused = false;
    this.returning = null;
  }

  /** Send these rows too. */
  add(rows) {
    for (const row of rows) {
      row.state = "waiting";
      this.waiting.push(row);
      this.changed(row);
    }
    this.#work();
  }

  pause() {
    this.isPaused = true;
    this.stopper.abort();
  }

  resume() {
    this.isPaused = false;
    this.stopper = new AbortController();
    this.#work();
  }

  /** Forget a row that is not wanted any more. */
  drop(row) {
    this.waiting = this.waiting.filter((other) => other !== row);
    row.stopper?.abort();
  }

  #work() {
    while (!this.isPaused && this.workers < AT_A_TIME && this.waiting.length) {
      this.workers += 1;
      this.#worker().finally(() => {
        this.workers -= 1;
        if (this.waiting.length && !this.isPaused && !this.workers) this.#work();
      });
    }
  }

  async #worker() {
    while (!this.isPaused && this.waiting.length) {
      const row = this.waiting.shift();
      row.state = "sending";
      this.changed(row);
      const isDone = await this.#send(row);
      if (!isDone) {
        row.state = "waiting";
        this.waiting.unshift(row);
      }
      this.changed(row);
    }
  }

  /** Send one row; false says that it was stopped and is to be sent on later. */
  async #send(row) {
    row.stopper = new AbortController();
    const signal = AbortSignal.any([this.stopper.signal, row.stopper.signal]);
    while (!signal.aborted) {
      if (row.mustAsk && !(await this.#ask(row))) continue;
      if (row.state !== "sending") return true;
      await this.#sendOn(row, signal);
      if (row.state !== "sending") return true;
    }
    row.mustAsk = true;
    return row.stopper.signal.aborted;
  }

  async #sendOn(row, signal) {
    const { file, sent } = row;
    const end = Math.min(sent + PART, file.size);
    const isWhole = sent === 0 && end === file.size;
    const isQuestion = !isWhole && sent === file.size;
    const last = isQuestion ? "*" : `${sent}-${end - 1}`;
    const { status, answer, seconds } = await put(row.address, file.slice(sent, end), {
      range: isWhole ? null : `bytes ${last}/${file.size}`,
      signal,
      progress: (bytes) => this.#progress(row, Math.min(sent + bytes, end)),
    });
    if (signal.aborted && status === 0) return;
    await this.#judge(row, status, answer, seconds);
  }

  async #judge(row, status, answer, seconds) {
    if (status === 200) {
      this.#progress(row, row.file.size);
      row.sent = row.file.size;
      row.state = "received";
    } else if (status === 202 || answer.code === "upload.wrong_offset") {
      row.sent = answer.receivedSize;
    } else if (status === 0) {
      if (!(await isReadable(row.file))) this.#fail(row, "noLongerReadable");
      else await this.#comeBack(row);
    } else if (status === 429 || status >= 500 || answer.code === "upload.no_room") {
      row.mustAsk = true;
      await wait(Math.max(seconds, 2));
    } else if (answer.code === "upload.wrong_size" || answer.code === "upload.incomplete") {
      this.#fail(row, "changed");
    } else {
      row.mustAsk = true; // the address has expired, or the upload is over
      await wait(1);
    }
  }

  #fail(row, reason) {
    row.state = "failed";
    row.reason = reason;
  }

  #progress(row, bytes) {
    row.shown = bytes;
    this.changed(row);
  }

  async #comeBack(row) {
    row.mustAsk = true;
    this.returning ??= this.#untilBack(row).finally(() => (this.returning = null));
    await this.returning;
  }

  /** Wait until the server answers again; all workers wait for the same answer. */
  async #untilBack(row) {
    this.told("offline");
    for (let seconds = 1; !this.isPaused; seconds = Math.min(seconds * 2, LONGEST_WAIT)) {
      await Promise.race([wait(seconds), new Promise((back) => addEventListener("online", back, { once: true }))]);
      if (await this.#answers(row)) return this.told("online");
    }
  }

  async #answers(row) {
    try {
      await call("state", { uploadIds: [row.uploadId] });
      return true;
    } catch (error) {
      if (error instanceof SignedOut) this.#signedOut();
      return error instanceof Refused;
    }
  }

  #signedOut() {
    this.pause();
    this.told("signedOut");
  }

  /** Ask how much of a row has arrived; false where nobody answered. */
  async #ask(row) {
    try {
      const { uploads } = await call("state", { uploadIds: [row.uploadId] });
      await this.#take(row, uploads[0]);
      row.mustAsk = false;
      return true;
    } catch (error) {
      if (error instanceof Unreachable) await this.#comeBack(row);
      else if (error instanceof SignedOut) this.#signedOut();
      else if (error instanceof Refused) this.#fail(row, "failed");
      else throw error;
      return error instanceof Refused;
    }
  }

  async #take(row, truth) {
    if (truth?.state === "received") {
      row.sent = row.shown = row.file.size;
      row.state = "received";
    } else if (truth?.state === "open") {
      row.sent = row.shown = truth.received;
      row.address = truth.address;
    } else {
      row.sent = row.shown = 0; // it waited for too long: begin another one
      await this.begin([row]);
    }
  }
}

async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
