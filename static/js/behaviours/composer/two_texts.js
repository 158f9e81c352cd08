// Two texts: the one in the field and another one, of another window or kept in this browser. The
// person chooses; neither is lost before. `choose` gets the chosen words.
import { directionOf } from "../../lib/direction.js";

const ELEMENTS = { added: "ins", removed: "del" };

export function offer(form, { words, theirs, pieces = [], both = null }, choose) {
  const other = form.querySelector("[data-other]");
  const text = form.querySelector("textarea[name=text]");
  const difference = other.querySelector("[data-other-difference]");

  function take(button, chosen) {
    other.querySelector(button).onclick = () => {
      other.hidden = true;
      choose(chosen());
    };
  }

  other.querySelector("[data-other-words]").textContent = words;
  const shown = other.querySelector("[data-other-text]");
  shown.textContent = theirs;
  shown.dir = directionOf(theirs);
  difference.hidden = pieces.length === 0;
  difference.replaceChildren(...pieces.map(asElement));
  difference.dir = directionOf(theirs);
  other.hidden = false;
  other.querySelector("[data-take-both]").hidden = both === null;
  take("[data-take-both]", () => both);
  take("[data-take-other]", () => theirs);
  take("[data-keep-mine]", () => text.value);
}

function asElement([kind, words]) {
  const piece = document.createElement(ELEMENTS[kind] ?? "span");
  piece.textContent = words;
  return piece;
}
