// Colleagues in a note: @ and a few letters of a name or of initials find them.
import { choosing } from "../lib/choosing.js";

export function bind(box) {
  const text = box.closest("form").querySelector("textarea[name=text]");
  const everybody = [...box.querySelectorAll("li")];
  const list = choosing(text, box, { options: () => everybody.filter((one) => !one.hidden), put });

  const query = () =>
    /(?:^|[\s(])@([\p{L}\w.-]{0,30})$/u.exec(text.value.slice(0, text.selectionStart));

  function search() {
    const match = query();
    if (!match) return list.close();
    const letters = match[1].toLowerCase();
    for (const one of everybody) {
      const names = [one.dataset.name, ...one.textContent.trim().split(/\s+/)].map((name) =>
        name.toLowerCase(),
      );
      one.hidden = !names.some((name) => name.startsWith(letters));
    }
    if (everybody.every((one) => one.hidden)) list.close();
    else list.open();
  }

  function put(one) {
    const match = query();
    if (match)
      text.setRangeText(
        `${one.dataset.name} `,
        text.selectionStart - match[1].length,
        text.selectionStart,
        "end",
      );
    list.close();
  }

  text.addEventListener("input", search);
}
