// The files of what was dropped or chosen, folders with everything below them.

/** Give [{path, file}] of a drop, in the order of their paths; links and devices are no files. */
export async function dropped(transfer) {
  // The entries must be asked for before anything is awaited: the transfer is emptied then.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push({ path: entry.name, file: entry });
    else if (entry) await walk(entry, entry.name, found);
  }
  return inOrder(found);
}

/** Give [{path, file}] of a field for files or for a folder. */
export function chosen(input) {
  const found = [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return inOrder(found);
}

async function walk(entry, path, found) {
  if (entry.isFile) {
    const file = await new Promise((done) => entry.file(done, () => done(null)));
    if (file) found.push({ path, file });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A reader gives some hundred entries at a time, and none at the end.
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return;
    for (const child of some) await walk(child, `${path}/${child.name}`, found);
  }
}

function inOrder(found) {
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
