// What the list of files keeps while the page is loaded anew: in this tab of the browser, and nowhere
// else. A browser does not give the files themselves back; they are chosen once more.

const PAUSE = 300;

export class Memory {
  /** `name` tells apart whose list it is, and of which binder or document. */
  constructor(name) {
    this.key = `ringbinder upload ${name}`;
    this.timer = null;
  }

  /** Keep this in a moment; null forgets everything at once. */
  keep(what) {
    clearTimeout(this.timer);
    if (what === null) this.#write(null);
    else this.timer = setTimeout(() => this.#write(what), PAUSE);
  }

  /** Give what was kept, or null. */
  given() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
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
