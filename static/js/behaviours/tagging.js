// Tags while they are typed: a few letters find one that is known (the page's list of them), Enter
// takes it. What is typed behind tags that stand there already is a further one.
import { choosing } from "../lib/choosing.js";

const MOST = 8;
const known = () =>
  [...document.querySelectorAll("#known-tags option")].map((option) => option.value);

export function bind(box) {
  const text = box.parentElement.querySelector("input[name=tags]");
  const items = box.querySelector("ul");
  const list = choosing(text, box, { options: () => [...items.children], put });
  let isFresh = false;

  const query = () => /(?:^|,)\s*([^,]*)$/.exec(text.value.slice(0, text.selectionStart))[1];

  function search() {
    const letters = query().toLowerCase();
    const there = text.value.split(",").map((tag) => tag.trim().toLowerCase());
    const found = letters
      ? known().filter((tag) => tag.includes(letters) && !there.includes(tag))
      : [];
    found.sort((one, other) => other.startsWith(letters) - one.startsWith(letters));
    items.replaceChildren(
      ...found.slice(0, MOST).map((tag, place) => {
        const item = document.createElement("li");
        item.id = `${items.id}-${place}`;
        item.role = "option";
        item.textContent = tag;
        return item;
      }),
    );
    text.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) list.open();
    else list.close();
  }

  function put(item) {
    const end = text.selectionStart;
    text.setRangeText(item.textContent, end - query().length, end, "end");
    text.setAttribute("aria-expanded", "false");
    list.close();
  }

  text.addEventListener("focus", () => {
    isFresh = true;
    text.setSelectionRange(text.value.length, text.value.length);
  });
  text.addEventListener("beforeinput", (event) => {
    const end = text.value.length;
    const behind = isFresh && text.selectionStart === end && /[^,\s]\s*$/.test(text.value);
    if (behind && /^[^,]/.test(event.data ?? "")) text.setRangeText(", ", end, end, "end");
    isFresh = false;
  });
  text.addEventListener("input", search);
}
