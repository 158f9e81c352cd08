// Letters of the person's own: what they press, and which of the desk's letters it stands for.
const chosen = document.body.dataset.letters ?? "";

// Whether single letters do anything for this person.
export const letters = chosen !== "off";

export const own = new Map(
  letters
    ? chosen
        .split(" ")
        .filter(Boolean)
        .map(([desk, mine]) => [mine, desk])
    : [],
);

// A letter that somebody gave away to another verb does nothing by itself.
export function meant(typed) {
  if (own.has(typed)) return own.get(typed);
  return [...own.values()].includes(typed) ? "" : typed;
}

export const printed = (key) => [...own].find(([, desk]) => desk === key.toLowerCase())?.[0] ?? key;
