// One file in the list: what is known about it, and how it is shown.

const BADGES = { received: "info", sending: "info", committed: "ok", refused: "bad", failed: "bad", missing: "warn" };
const OPEN = new Set(["choosing", "refused"]);

export class Row {
  constructor({ path, file }, { template, speak, labels, choices }) {
    Object.assign(this, { path, file, speak, labels, choices });
    this.own = new Map(); // what somebody has set for this file alone
    this.collision = null; // chosen for this file alone
    this.plan = null;
    this.state = "choosing";
    this.reason = null; // a key of the texts
    this.sentence = null; // a sentence of the server
    this.sent = this.shown = 0;
    this.element = template.content.cloneNode(true).firstElementChild;
    this.parts = Object.fromEntries(
      [...this.element.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]),
    );
  }

  /** Tell whether it can still be changed: nothing of it has been sent. */
  get isOpen() {
    return OPEN.has(this.state);
  }

  /** Tell whether it was in the list before the page was loaded anew, and its file is not here. */
  get isMissing() {
    return this.state === "missing";
  }

  /** What can be kept of it while the page is loaded anew. */
  get kept() {
    const { path, uploadId, collision, plan } = this;
    const file = { size: this.file.size, lastModified: this.file.lastModified };
    return { path, file, uploadId, collision, plan, own: [...this.own] };
  }

  /** Become what was kept, without its file; gives itself. */
  restored(kept) {
    const { uploadId, collision, plan, own } = kept;
    return Object.assign(this, { state: "missing", uploadId, collision, plan, own: new Map(own) });
  }

  /** Hear the truth about the upload that was begun before. */
  hears(truth) {
    if (truth?.state === "received") Object.assign(this, { state: "received", sent: this.file.size });
    else if (truth?.state === "open") Object.assign(this, { sent: truth.received, address: truth.address });
    else this.uploadId = null;
    this.shown = this.sent;
  }

  /** Take the file back; tells whether sending can go on with it. */
  comesBack(file) {
    const isSame = file.size === this.file.size && file.lastModified === this.file.lastModified;
    this.file = file;
    this.mustAsk = true;
    if (this.uploadId && isSame) return true;
    Object.assign(this, { state: "choosing", uploadId: null, sent: 0, shown: 0 });
    return false;
  }

  get name() {
    return this.plan?.name ?? this.path.split("/").at(-1);
  }

  /** Why it cannot be uploaded as it is, in sentences. */
  get problems() {
    const wrong = this.#wrong.map(([key, texts]) =>
      this.speak.say("itself", { label: this.labels[key], value: texts.join(" ") }),
    );
    return [...(this.plan?.problems ?? []), ...(this.choices.leavesOut ? [] : wrong)];
  }

  /** What the register says and the schema does not take, as far as nobody has set it otherwise. */
  get #wrong() {
    return Object.entries(this.plan?.wrongValues ?? {}).filter(([key]) => !this.own.get(key)?.length);
  }

  get isReady() {
    return this.isOpen && this.plan !== null && !this.problems.length;
  }

  /** What the register sets and nobody has set otherwise. */
  get fromRegister() {
    const values = Object.entries(this.plan?.values ?? {});
    return new Map(values.filter(([key]) => !this.own.has(key)));
  }

  /** What the card of the file shows: its own values before the register's. */
  get card() {
    return new Map([...this.fromRegister, ...this.own]);
  }

  /** Keep what stands in the card, as far as it is not what the register says anyway. */
  keep(values) {
    const before = this.plan?.values ?? {};
    this.own = new Map();
    for (const key of Object.keys(this.labels)) {
      const now = values.get(key) ?? [];
      if (!same(now, before[key] ?? [])) this.own.set(key, now);
    }
  }

  collisionOr(usual) {
    return this.collision ?? (this.plan?.hasTwin && !this.plan.taken ? "rename" : usual);
  }

  /** Show it as it is now. */
  show(usual) {
    const { state, name, about, place, link, edit, retry, remove, progress } = this.parts;
    const seen = this.isOpen && this.problems.length ? "refused" : this.state;
    state.textContent = this.speak.say(seen);
    state.className = `badge ${BADGES[seen] ?? "quiet"}`;
    this.element.dataset.state = this.state;
    name.textContent = this.name;
    about.textContent = this.#about();
    place.textContent = this.plan?.place ?? "";
    progress.hidden = !["sending", "waiting"].includes(this.state);
    progress.value = this.file.size ? this.shown / this.file.size : 0;
    progress.setAttribute("aria-label", this.name);
    edit.hidden = !this.isOpen;
    retry.hidden = this.state !== "failed";
    link.hidden = !this.href;
    if (this.href) link.href = this.href;
    remove.hidden = this.state === "committing";
    for (const button of [edit, retry, remove, link]) button.setAttribute("aria-description", this.name);
    this.#showValues();
    this.#showTaken(usual);
    this.#showProblem();
  }

  #about() {
    const { say, size } = this.speak;
    const total = size(this.file.size);
    const amount =
      ["sending", "missing"].includes(this.state) && this.shown ? say("size", { sent: size(this.shown), total }) : total;
    const line = this.plan?.line ? [say("line", { line: this.plan.line })] : [];
    const folder = this.path.includes("/") ? [this.path] : [];
    return [amount, ...line, ...folder].join(" · ");
  }

  #showValues() {
    const { values } = this.parts;
    const set = [...this.card]
      .filter(([, own]) => own.length)
      .map(([key, own]) => this.#value(key, own.map((one) => one.label).join("; ")));
    const left = this.choices.leavesOut
      ? this.#wrong.map(([key]) => this.#value(key, this.speak.say("valueLeftOut"), "left-out"))
      : [];
    values.hidden = !set.length && !left.length;
    values.replaceChildren(...set, ...left);
  }

  #value(key, value, classes = "") {
    const item = document.createElement("li");
    item.className = classes;
    item.textContent = this.speak.say("itself", { label: this.labels[key], value });
    return item;
  }

  #showTaken(usual) {
    const { taken, collision } = this.parts;
    const text = this.parts["taken-text"];
    const isTaken = Boolean(this.plan?.taken || this.plan?.hasTwin);
    taken.hidden = !isTaken || this.state === "committed";
    if (!isTaken) return;
    const chosen = this.collisionOr(usual);
    const key = { newVersion: "newVersion", rename: "renamed", fail: "willFail" }[chosen];
    const twin = this.plan.hasTwin ? `${this.speak.say("twin")} ` : "";
    text.textContent = twin + this.speak.say(key, { name: this.plan.taken?.name ?? this.name });
    collision.value = chosen;
    collision.disabled = !this.isOpen;
    collision.hidden = Boolean(this.target);
  }

  #showProblem() {
    const { problem } = this.parts;
    const said = this.reason ? [this.speak.say(this.reason)] : this.sentence ? [this.sentence] : [];
    const texts = this.isOpen ? [...said, ...this.problems] : said;
    problem.hidden = !texts.length;
    problem.querySelector("span").textContent = texts.join(" ");
  }
}

function same(one, other) {
  const texts = (values) => values.map((v) => String(v.valueId ?? v.value)).join("\n");
  return texts(one) === texts(other);
}
