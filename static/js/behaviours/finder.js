// Saved replies while writing: a slash at the beginning of a word searches, arrows choose, Enter puts it in, Escape closes.
import { send } from "../lib/fetching.js";

export function bind(box) {
  const text = box.closest("form").querySelector("textarea[name=text]");
  const list = box.querySelector("[data-options]");
  const none = box.querySelector("[data-none]");
  let found = [];
  let chosen = 0;
  let asked = 0;

  function query() {
    return /(?:^|\s)\/([^\s/][^/\n]{0,40}|)$/.exec(text.value.slice(0, text.selectionStart));
  }

  function close() {
    box.hidden = true;
    found = [];
    text.removeAttribute("aria-activedescendant");
  }

  function mark() {
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
    const current = list.children[chosen];
    if (current) {
      text.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    }
  }

  function draw() {
    list.replaceChildren(
      ...found.map((one, place) => {
        const item = document.createElement("li");
        item.id = `saved-reply-${one.id}`;
        item.role = "option";
        const title = document.createElement("b");
        title.textContent = one.title;
        const words = document.createElement("span");
        words.lang = one.language;
        words.textContent = one.text;
        item.append(title, words);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          chosen = place;
          put();
        });
        return item;
      }),
    );
    none.hidden = found.length > 0;
    box.hidden = false;
    chosen = 0;
    mark();
  }

  async function search() {
    const match = query();
    if (!match) return close();
    const number = ++asked;
    try {
      const answer = await fetch(`${box.dataset.search}?q=${encodeURIComponent(match[1])}`, { headers: { "X-Requested-With": "fetch" } });
      const body = await answer.json();
      if (number !== asked || !query()) return;
      found = body.replies;
      draw();
    } catch {
      close();
    }
  }

  function put() {
    const one = found[chosen];
    const match = query();
    if (!one || !match) return close();
    const start = text.selectionStart - match[1].length - 1;
    text.setRangeText(one.text, start, text.selectionStart, "end");
    close();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    send(`${box.dataset.search}${one.id}/use/`, {});
  }

  text.addEventListener("input", search);
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      chosen = (chosen + step + found.length) % found.length;
      mark();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && found.length) {
      event.preventDefault();
      put();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
}
