// The fields of a binder's schema: what stands in them, as values of metadata.

/** Read the fields below an element: a Map of element id to [{valueId, value, label}]. */
export function read(container) {
  const found = new Map();
  for (const field of container.querySelectorAll("[data-element]")) {
    const values = valuesOf(field);
    if (values.length) found.set(field.dataset.element, values);
  }
  return found;
}

function valuesOf(field) {
  const input = field.querySelector("select, input");
  if (input.matches("select")) {
    const listed = field.dataset.kind === "Enumerated";
    return [...input.selectedOptions]
      .filter((option) => option.value)
      .map((option) => ({
        valueId: listed ? option.value : null,
        value: listed ? null : option.value,
        label: option.textContent.trim(),
      }));
  }
  const texts = "many" in field.dataset ? input.value.split(";") : [input.value];
  return texts
    .map((text) => text.trim())
    .filter(Boolean)
    .map((text) => ({ valueId: null, value: scalar(field, text), label: text }));
}

function scalar(field, text) {
  if (field.dataset.kind !== "Number") return text;
  const bare = text.replace(/\s/g, "");
  return bare.includes(".") ? bare : bare.replace(",", ".");
}

/** Fill the fields below an element in; what is not in the Map becomes empty. */
export function write(container, values) {
  for (const field of container.querySelectorAll("[data-element]")) {
    const own = values.get(field.dataset.element) ?? [];
    const input = field.querySelector("select, input");
    if (input.matches("select")) {
      const wanted = new Set(own.map((one) => String(one.valueId ?? one.value)));
      for (const option of input.options) option.selected = wanted.has(option.value);
      if (!input.multiple && !wanted.size) input.value = "";
    } else {
      input.value = own.map((one) => one.label).join("; ");
    }
  }
}

/** Give the metadata of the API: what comes later in the list of Maps wins, key by key. */
export function metadata(maps) {
  const merged = new Map(maps.flatMap((values) => [...values]));
  return [...merged].flatMap(([key, values]) =>
    values.map(({ valueId, value }) =>
      valueId === null
        ? { metadataElementId: key, value }
        : { metadataElementId: key, valueId },
    ),
  );
}
