// The upload page: files are chosen, described, sent, and published together at the end.

import { chosen, dropped } from "./dropped.js";
import * as fields from "./fields.js";
import { Row } from "./row.js";
import { Sender } from "./sender.js";
import { Refused, SignedOut, Unreachable, call, wait } from "./server.js";
import { Memory } from "./memory.js";
import { speaker } from "./texts.js";

const root = document.getElementById("upload");
if (root) start(root);

function start(root) {
  const options = JSON.parse(root.dataset.options);
  const speak = speaker(options.texts, options.language);
  const part = (id) => document.getElementById(id);
  const rows = [];
  const dirty = new Set();
  const memory = new Memory(options.memory);
  const target = options.target; // the document of which the one file becomes a version
  const choices = { leavesOut: false };
  let register = null; // {name, text}
  let missing = [];
  let editing = null;
  let isBusy = false;
  let isSending = false;
  let planned = 0;
  let told = 0;

  const sender = new Sender({ changed: touch, told: tellConnection, begin });

  // ── Files ──────────────────────────────────────────────────────────────────────────────────

  function add(found) {
    const known = new Map(rows.map((row) => [row.path, row]));
    let skipped = 0;
    const resumed = [];
    for (const one of target ? onlyOne(found) : found) {
      const other = known.get(one.path);
      if (other?.isOpen) other.file = one.file;
      else if (other?.isMissing) {
        if (other.comesBack(one.file)) resumed.push(other);
        touch(other);
      } else if (other?.state === "failed") {
        other.file = one.file;
        reopen(other);
      } else if (other && other.state !== "committed") continue;
      else if (rows.length >= options.maximumFiles) skipped += 1;
      else known.set(one.path, put(one));
    }
    announce(skipped ? speak.count("skipped", skipped) : speak.count("files", rows.length));
    part("upload-restored").hidden = true;
    sender.add(resumed);
    refresh();
    plan();
  }

  /** Put a file into the list. */
  function put(one) {
    const row = new Row(one, { template: part("upload-row"), speak, labels: options.labels, choices });
    row.target = target;
    rows.push(row);
    part("upload-rows").append(row.element);
    listen(row);
    return row;
  }

  /** Of several files only one becomes the new version; another choice takes its place. */
  function onlyOne(found) {
    if (!found.length) return [];
    for (const row of [...rows]) if (row.isOpen && row.path !== found[0].path) discard(row);
    if (rows.some((row) => !row.isOpen && !row.isMissing && row.state !== "committed")) return [];
    if (found.length > 1) announce(speak.say("oneOnly"));
    const isOfOneKind = ending(found[0].path) === ending(target.name);
    root.querySelector(`[name=naming][value=${isOfOneKind ? "keep" : "own"}]`).checked = true;
    return found.slice(0, 1);
  }

  function discard(row) {
    rows.splice(rows.indexOf(row), 1);
    row.element.remove();
  }

  // ── Before and after the page is loaded anew ───────────────────────────────────────────────

  /** Keep what a browser can keep: everything but the files themselves. */
  function remember() {
    const kept = rows.filter((row) => row.state !== "committed").map((row) => row.kept);
    memory.keep(kept.length ? { rows: kept, settings: settings() } : null);
  }

  function settings() {
    return {
      tab: part("upload-tab").value,
      placing: root.querySelector("[name=placing]:checked").value,
      collision: part("upload-collision").value,
      group: [...fields.read(part("group-fields"))],
    };
  }

  /** Bring back what was in the list, with the truth about what has arrived. */
  async function restore() {
    const before = memory.given();
    if (!before) return;
    part("upload-tab").value = before.settings.tab;
    if (!part("upload-tab").value) part("upload-tab").selectedIndex = 0;
    root.querySelector(`[name=placing][value=${before.settings.placing}]`).checked = true;
    part("upload-collision").value = before.settings.collision;
    fields.write(part("group-fields"), new Map(before.settings.group));
    const back = before.rows.map((kept) => put({ path: kept.path, file: kept.file }).restored(kept));
    for (const few of inSteps(back.filter((row) => row.uploadId), options.atOnce)) {
      const answer = await asked("state", { uploadIds: few.map((row) => row.uploadId) });
      const truths = new Map(answer?.uploads.map((truth) => [truth.uploadId, truth]));
      for (const row of few) row.hears(truths.get(row.uploadId));
    }
    const box = part("upload-restored");
    box.querySelector("strong").textContent = speak.count("restored", back.length);
    box.hidden = false;
    back.forEach(touch);
    refresh();
  }

  function listen(row) {
    row.parts.remove.addEventListener("click", () => take(row));
    row.parts.edit.addEventListener("click", () => edit(row));
    row.parts.retry.addEventListener("click", () => again(row));
    row.parts.collision.addEventListener("change", (event) => {
      row.collision = event.target.value;
      touch(row);
    });
  }

  function take(row) {
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    sender.drop(row);
    rows.splice(rows.indexOf(row), 1);
    row.element.remove();
    if (row.uploadId && row.state !== "committed") giveUp([row]);
    remember();
    announce(speak.say("removed", { name: row.name }));
    (next?.querySelector("[data-part=remove]") ?? part("choose-files")).focus();
    refresh();
    plan();
  }

  function takeAll() {
    const begun = rows.filter((row) => row.uploadId && row.state !== "committed");
    for (const row of rows) {
      sender.drop(row);
      row.element.remove();
    }
    rows.length = 0;
    missing = [];
    remember();
    giveUp(begun);
    part("choose-files").focus();
    refresh();
  }

  async function giveUp(some) {
    for (const few of inSteps(some, options.atOnce)) {
      // What is not given up ends by itself after a while, so a failure here needs no words.
      await call("abort", { uploadIds: few.map((row) => row.uploadId) }).catch(() => {});
    }
  }

  function again(row) {
    reopen(row);
    send([row]);
  }

  function reopen(row) {
    Object.assign(row, { state: "choosing", reason: null, sentence: null, uploadId: null });
    row.sent = row.shown = 0;
    touch(row);
  }

  // ── What would become of them ──────────────────────────────────────────────────────────────

  let planTimer = null;
  function plan() {
    clearTimeout(planTimer);
    planTimer = setTimeout(planNow, 150);
  }

  async function planNow() {
    const open = rows.filter((row) => row.isOpen);
    const number = (planned += 1);
    if (!open.length && !register) return refresh();
    const placing = root.querySelector("[name=placing]:checked").value;
    const answer = await asked("plan", {
      folderId: part("upload-tab").value,
      placing,
      files: open.map((row) => ({ path: row.path, size: row.file.size })),
      register: register?.text ?? null,
    });
    if (number !== planned) return;
    if (!answer) return dropRegister();
    open.forEach((row, index) => {
      row.plan = target ? { ...answer.files[index], taken: target, hasTwin: false } : answer.files[index];
      touch(row);
    });
    missing = answer.missing;
    if (answer.register) showRegister(answer.register);
    refresh();
  }

  /** Call, again and again while nobody answers; null where the call was refused. */
  async function asked(name, body) {
    for (let seconds = 1; ; seconds = Math.min(seconds * 2, 15)) {
      try {
        const answer = await call(name, body);
        if (seconds > 1) tellConnection("online");
        return answer;
      } catch (error) {
        if (error instanceof Refused) return null;
        if (!(error instanceof Unreachable || error instanceof SignedOut)) throw error;
        tellConnection(error instanceof SignedOut ? "signedOut" : "offline");
        await wait(seconds);
      }
    }
  }

  // ── The register ───────────────────────────────────────────────────────────────────────────

  async function takeRegister(file) {
    const problem = part("register-problem");
    problem.hidden = true;
    if (file.size > options.registerBytes) {
      problem.querySelector("span").textContent = speak.say("registerTooLarge");
      problem.hidden = false;
      return;
    }
    register = { name: file.name, text: await base64(file) };
    plan();
  }

  function dropRegister() {
    if (!register) return;
    register = null;
    part("register").value = "";
    part("register-report").hidden = part("drop-register").hidden = true;
    plan();
  }

  function showRegister(report) {
    part("register-report").hidden = part("drop-register").hidden = false;
    part("register-name").textContent = register?.name ?? "";
    const counts = [speak.count("rows", report.rows), speak.count("matched", report.matched)];
    part("register-counts").textContent = counts.join(" · ");
    list("register-columns", report.columns, ({ name, label }) =>
      speak.say("itself", { label: name, value: label ?? speak.say("leftOut") }),
    );
    part("register-rest").hidden = !report.withoutFile.length;
    part("register-rest-count").textContent = speak.count("withoutFile", report.withoutFile.length);
    list("register-rows", report.withoutFile, ({ path, reason }) =>
      speak.say("itself", { label: path, value: reason }),
    );
    announce(counts.join(". "));
  }

  function list(id, things, text) {
    part(id).replaceChildren(
      ...things.map((thing) => {
        const item = document.createElement("li");
        item.textContent = text(thing);
        return item;
      }),
    );
  }

  async function makeFolders() {
    const answers = [];
    for (const few of inSteps(missing, options.atOnce)) {
      answers.push(await asked("places", { places: few }));
    }
    const html = answers.at(-1)?.html;
    if (!html) return;
    const before = part("upload-tab").value;
    part("upload-tab").innerHTML = html;
    part("upload-tab").value = before;
    plan();
    part("send").focus();
  }

  // ── The card of one file ───────────────────────────────────────────────────────────────────

  function edit(row) {
    editing = row;
    part("file-name").textContent = row.name;
    const problems = part("file-problems");
    problems.hidden = !row.problems.length;
    problems.querySelector("div").textContent = row.problems.join(" ");
    fields.write(part("file-fields"), row.card);
    part("file-metadata").showModal();
  }

  function keep() {
    editing.keep(fields.read(part("file-fields")));
    Object.assign(editing, { state: "choosing", sentence: null, reason: null });
    touch(editing);
    refresh();
  }

  // ── Sending ────────────────────────────────────────────────────────────────────────────────

  async function send(some) {
    isBusy = true;
    refresh();
    announce(speak.say("checking"));
    for (const few of inSteps(some, options.atOnce)) {
      await begin(few);
      sender.add(few.filter((row) => row.uploadId && row.isOpen));
      refresh();
    }
    isBusy = false;
    refresh();
  }

  /** Begin the uploads of rows; those that are refused say why. */
  async function begin(some) {
    const group = fields.read(part("group-fields"));
    const usual = part("upload-collision").value;
    const answer = await asked("begin", {
      files: some.map((row) => ({
        folderId: row.plan.folderId,
        fileName: fileName(row),
        documentId: target?.id ?? null,
        size: row.file.size,
        conflictBehavior: row.collisionOr(usual),
        metadata: fields.metadata([group, row.fromRegister, withValues(row.own)]),
      })),
    });
    some.forEach((row, index) => {
      const result = answer?.results[index];
      row.uploadId = result?.uploadId ?? null;
      row.address = result?.address ?? null;
      row.sentence = result?.reason ?? null;
      row.reason = answer ? null : "failed";
      if (!row.uploadId) row.state = "refused";
      touch(row);
    });
  }

  function fileName(row) {
    const keepsName = target && root.querySelector("[name=naming]:checked").value === "keep";
    return keepsName ? target.name : row.plan.name;
  }

  function tellConnection(word) {
    const box = part("upload-offline");
    box.hidden = word === "online";
    box.querySelector("span").textContent = word === "online" ? "" : speak.say(word);
    announce(speak.say(word));
    refresh();
  }

  // ── Publishing ─────────────────────────────────────────────────────────────────────────────

  async function publish() {
    isBusy = true;
    refresh();
    announce(speak.say("committing"));
    const ready = rows.filter((row) => row.state === "received");
    for (const few of inSteps(ready, options.atOnce)) {
      const answer = await asked("commit", { uploadIds: few.map((row) => row.uploadId) });
      for (const [index, row] of few.entries()) settle(row, answer?.results[index]);
      refresh();
    }
    isBusy = false;
    refresh();
    const done = rows.filter((row) => row.state === "committed").length;
    announce(speak.count("publishedFiles", done));
    part("upload-files-title").scrollIntoView({ block: "start" });
  }

  function settle(row, result) {
    if (result?.href !== undefined) {
      Object.assign(row, { state: "committed", href: result.href, sentence: null, reason: null });
      row.plan = { ...row.plan, name: result.name };
    } else if (result) {
      Object.assign(row, { state: "failed", sentence: result.reason });
    }
    touch(row);
  }

  // ── What is seen ───────────────────────────────────────────────────────────────────────────

  function touch(row) {
    if (!dirty.size) requestAnimationFrame(showDirty);
    dirty.add(row);
  }

  function showDirty() {
    const usual = part("upload-collision").value;
    for (const row of dirty) row.show(usual);
    dirty.clear();
    refresh();
    remember();
  }

  function refresh() {
    const count = (...states) => rows.filter((row) => states.includes(row.state)).length;
    const moving = count("sending", "waiting");
    const open = rows.filter((row) => row.isOpen);
    const ready = open.filter((row) => row.isReady);
    const received = count("received");
    part("upload-files").hidden = !rows.length;
    show("send", open.length > 0 && !moving, isBusy || !ready.length);
    show("pause", moving > 0 && !sender.isPaused);
    show("resume", moving > 0 && sender.isPaused);
    show("publish", received > 0 && !moving, isBusy);
    part("send").classList.toggle("primary", !received);
    part("publish").querySelector("span").textContent = speak.count("publish", received);
    show("make-folders", missing.length > 0, isBusy);
    part("make-folders").querySelector("span").textContent = speak.count("makeFolders", missing.length);
    summarise({ arrived: received + count("committed"), moving, open, ready, published: count("committed") });
  }

  function show(id, isShown, isDisabled = false) {
    const button = part(id);
    const hadFocus = document.activeElement === button;
    button.hidden = !isShown;
    button.disabled = isDisabled;
    // A button that goes away must not take the place in the page with it.
    if (hadFocus && !isShown) part("upload-files-title").focus();
  }

  function summarise({ arrived, moving, open, ready, published }) {
    const total = rows.reduce((sum, row) => sum + row.file.size, 0);
    const sent = rows.reduce((sum, row) => sum + (row.isOpen ? 0 : row.shown), 0);
    const refused = open.filter((row) => row.state === "refused" || row.problems.length).length;
    const texts = [speak.count("files", rows.length), speak.size(total)];
    if (arrived && !published) texts.push(speak.count("arrived", arrived));
    if (published) texts.push(speak.count("publishedFiles", published));
    const lost = rows.filter((row) => row.isMissing).length;
    if (lost) texts.push(speak.count("missingFiles", lost));
    if (refused) texts.push(speak.count("refusedFiles", refused));
    part("upload-summary").textContent = texts.join(" · ");
    const progress = part("upload-progress");
    progress.hidden = !moving && !arrived;
    progress.value = total ? sent / total : 1;
    tellProgress(arrived, moving, rows.length - open.length, ready.length);
  }

  /** Say at every quarter how far it is, and when all has arrived. */
  function tellProgress(arrived, moving, begun) {
    const quarter = begun ? Math.floor((arrived * 4) / begun) : 0;
    if (isSending && (quarter > told || !moving)) announce(speak.count("arrived", arrived));
    told = moving ? quarter : 0;
    isSending = moving > 0;
  }

  function announce(text) {
    part("upload-live").textContent = text;
  }

  // ── What people do ─────────────────────────────────────────────────────────────────────────

  const drop = part("upload-drop");
  let above = 0;
  addEventListener("dragenter", () => drop.classList.toggle("is-over", ++above > 0));
  addEventListener("dragleave", () => drop.classList.toggle("is-over", --above > 0));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    above = 0;
    drop.classList.remove("is-over");
    add(await dropped(event.dataTransfer));
  });

  const fileFields = [
    ["choose-files", "files", (field) => add(chosen(field))],
    ["choose-folder", "folder", (field) => add(chosen(field))],
    ["choose-register", "register", (field) => takeRegister(field.files[0])],
  ];
  for (const [button, input, then] of fileFields) {
    part(button).addEventListener("click", () => part(input).click());
    part(input).addEventListener("change", () => empty(part(input), then));
  }

  /** Take what was chosen in a file field, if anything, and empty the field. */
  async function empty(field, then) {
    if (!field.files.length) return;
    await then(field);
    field.value = ""; // so that the same can be chosen again
  }

  part("drop-register").addEventListener("click", () => {
    dropRegister();
    part("choose-register").focus();
  });
  part("leave-out").addEventListener("change", (event) => {
    choices.leavesOut = event.target.checked;
    rows.forEach(touch);
    refresh();
  });
  part("upload-tab").addEventListener("change", plan);
  for (const choice of root.querySelectorAll("[name=placing]")) choice.addEventListener("change", plan);
  part("upload-collision").addEventListener("change", () => rows.forEach(touch));
  part("file-form").addEventListener("submit", keep);
  part("start-over").addEventListener("click", takeAll);
  part("make-folders").addEventListener("click", makeFolders);
  part("send").addEventListener("click", () => send(rows.filter((row) => row.isReady)));
  part("publish").addEventListener("click", publish);
  part("pause").addEventListener("click", () => {
    sender.pause();
    announce(speak.say("paused"));
    refresh();
    part("resume").focus();
  });
  part("resume").addEventListener("click", () => {
    part("upload-offline").hidden = true;
    sender.resume();
    announce(speak.say("resumed"));
    refresh();
    part("pause").focus();
  });
  addEventListener("beforeunload", (event) => {
    const isAtRisk = (row) => !row.isOpen && !row.isMissing && row.state !== "committed";
    if (rows.some(isAtRisk)) event.preventDefault();
  });
  restore()
    .catch(() => {})
    .then(takeEarly)
    .finally(() => (root.dataset.ready = ""));

  /** A person can be quicker than this script: what was chosen before it came has told nobody. */
  async function takeEarly() {
    for (const [, field, then] of fileFields) await empty(part(field), then);
  }
}

const ending = (path) => path.toLowerCase().match(/\.[^./]*$/)?.[0] ?? "";

const withValues = (values) => new Map([...values].filter(([, own]) => own.length));

function* inSteps(things, size) {
  for (let index = 0; index < things.length; index += size) yield things.slice(index, index + size);
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
}
