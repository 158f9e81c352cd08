// Colleagues in a note: @ and a few letters of a name or of initials, arrows choose, Enter puts the name in, Escape closes.
export function bind(box) {
  const text = box.closest("form").querySelector("textarea[name=text]");
  const everybody = [...box.querySelectorAll("li")];
  let chosen = 0;

  const query = () => /(?:^|[\s(])@([\p{L}\w.-]{0,30})$/u.exec(text.value.slice(0, text.selectionStart));
  const shown = () => everybody.filter((one) => !one.hidden);

  function close() {
    box.hidden = true;
    text.removeAttribute("aria-activedescendant");
  }

  function mark() {
    const people = shown();
    for (const one of everybody) one.setAttribute("aria-selected", String(one === people[chosen]));
    if (people[chosen]) {
      text.setAttribute("aria-activedescendant", people[chosen].id);
      people[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function search() {
    const match = query();
    if (!match) return close();
    const letters = match[1].toLowerCase();
    for (const one of everybody) {
      const names = [one.dataset.name, ...one.textContent.trim().split(/\s+/)].map((name) => name.toLowerCase());
      one.hidden = !names.some((name) => name.startsWith(letters));
    }
    chosen = 0;
    box.hidden = shown().length === 0;
    if (!box.hidden) mark();
  }

  function put(one) {
    const match = query();
    if (!one || !match) return close();
    text.setRangeText(`${one.dataset.name} `, text.selectionStart - match[1].length, text.selectionStart, "end");
    close();
  }

  for (const one of everybody) {
    one.addEventListener("mousedown", (event) => {
      event.preventDefault();
      put(one);
    });
  }
  text.addEventListener("input", search);
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const people = shown();
    if (step) {
      event.preventDefault();
      chosen = (chosen + step + people.length) % people.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      put(people[chosen]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
}
