// What the list of files keeps while the page is loaded anew: in this tab of the browser, and nowhere
// else. A browser does not give the files themselves back; they are chosen once more.

const PAUSE = 300;

export class Memory {
  /** `name` tells apart whose list it is, and of which binder or document. */
  constructor(name) {
    this.key = `ringbinder upload ${name}`;
    this.timer = null;
    this.due = null;
    addEventListener("pagehide", () => this.#writeDue());
  }

  /** Keep this in a moment, or when the page is left before; null forgets everything at once. */
  keep(what) {
    clearTimeout(this.timer);
    this.due = what;
    if (what === null) this.#write(null);
    else this.timer = setTimeout(() => this.#writeDue(), PAUSE);
  }

  /** Give what was kept, or null. */
  given() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  #writeDue() {
    if (this.due !== null) this.#write(this.due);
    this.due = null;
  }

  #write(what) {
    try {
      if (what === null) sessionStorage.removeItem(this.key);
      else sessionStorage.setItem(this.key, JSON.stringify(what));
    } catch {
      // The browser keeps nothing, or no more: then the page is as good as one without a memory.
    }
  }
}
