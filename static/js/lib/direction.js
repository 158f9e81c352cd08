// Which way words run while they are being typed: by the first letter that is neither handle nor
// link. The same rule as core/text/direction.py, which a test holds against this one.
const FROM_THE_RIGHT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const NO_WORDS = /(?<![A-Za-z0-9_])[@＠][A-Za-z0-9_]+|https?:\/\/[^ \n\t]+/giu;

export function directionOf(text) {
  const [letter] = text.replace(NO_WORDS, " ").match(/\p{L}/u) ?? [];
  return letter && FROM_THE_RIGHT.test(letter) ? "rtl" : "ltr";
}

// A field, or the box around it that says so, runs as its words do.
export function runAsItSays(field) {
  (field.closest("[data-runs]") ?? field).dir = directionOf(field.value);
}
