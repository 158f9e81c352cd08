// Saved replies while writing: a slash at the beginning of a word searches.
import { choosing } from "../lib/choosing.js";
import { directionOf } from "../lib/direction.js";
import { send } from "../lib/fetching.js";

export function bind(box) {
  const text = box.closest("form").querySelector("textarea[name=text]");
  const items = box.querySelector("[data-options]");
  const none = box.querySelector("[data-none]");
  const rest = box.querySelector("[data-rest]");
  const list = choosing(text, box, { options: () => [...items.children], put });
  let found = [];
  let more = 0;
  let asked = 0;

  const query = () =>
    /(?:^|\s)\/([^\s/][^/\n]{0,40}|)$/.exec(text.value.slice(0, text.selectionStart));

  function draw() {
    items.replaceChildren(
      ...found.map((one) => {
        const item = document.createElement("li");
        item.id = `saved-reply-${one.id}`;
        item.role = "option";
        const title = document.createElement("b");
        title.textContent = one.title;
        const words = document.createElement("span");
        words.lang = one.language;
        words.dir = directionOf(one.text);
        words.textContent = one.text;
        item.append(title, words);
        return item;
      }),
    );
    none.hidden = found.length > 0;
    rest.hidden = more === 0;
    rest.textContent = rest.dataset.rest.replace("{n}", more);
    list.open();
  }

  async function search() {
    const match = query();
    if (!match) return list.close();
    const number = ++asked;
    try {
      const answer = await fetch(`${box.dataset.search}?q=${encodeURIComponent(match[1])}`, {
        headers: { "X-Requested-With": "fetch" },
      });
      const body = await answer.json();
      if (number !== asked || !query()) return;
      found = body.replies;
      more = body.more;
      draw();
    } catch {
      list.close();
    }
  }

  function put(item) {
    const one = found[[...items.children].indexOf(item)];
    const match = query();
    list.close();
    if (!one || !match) return;
    text.setRangeText(
      one.text,
      text.selectionStart - match[1].length - 1,
      text.selectionStart,
      "end",
    );
    text.dispatchEvent(new Event("input", { bubbles: true }));
    send(`${box.dataset.search}${one.id}/use/`, {});
  }

  text.addEventListener("input", search);
}
