// The demo's tour goes on by itself when a step is done: its mark is on the page. Where it stands
// is kept for this browser, whoever signs in.
import { SWAPS } from "../lib/binding.js";

export function bind(element) {
  let step = Number(element.dataset.step);
  const words = (number) => element.querySelector(`[data-tour-step="${number}"]`);

  function keep(number) {
    document.cookie = `tour=${number}; path=/; max-age=31536000; samesite=lax`;
  }

  function look() {
    const present = words(step);
    if (!present || !document.querySelector(present.dataset.done) || !words(step + 1)) return;
    present.hidden = true;
    step += 1;
    words(step).hidden = false;
    keep(step);
    look();
  }

  element.querySelector("[data-tour-last]").addEventListener("click", () => {
    keep(0);
    element.remove();
  });
  for (const swap of SWAPS) document.addEventListener(swap, look);
  look();
}
