// What the page says while it works; the server has put the texts in the reader's language.

/** Speak with the texts that the page holds ready. */
export function speaker(texts, language) {
  const number = new Intl.NumberFormat(language);
  const units = ["B", "kB", "MB", "GB", "TB"];

  const filled = (text, values) =>
    text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

  return {
    /** Give a text with its values. */
    say: (key, values = {}) => filled(texts[key], values),
    /** Give a text about a number of things. */
    count: (key, count) =>
      filled(texts[key][count === 1 ? 0 : 1], { num: number.format(count) }),
    /** Write a size in bytes, kB, MB, GB or TB of a thousand each. */
    size(bytes) {
      let power = 0;
      while (bytes >= 1000 && power < units.length - 1) [bytes, power] = [bytes / 1000, power + 1];
      const digits = power && bytes < 100 ? 1 : 0;
      const shown = bytes.toLocaleString(language, { maximumFractionDigits: digits });
      return `${shown}\u00a0${units[power]}`;
    },
  };
}
