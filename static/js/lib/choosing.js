// Choosing from a list below a text field: arrows move, Enter or Tab takes, Escape closes; the
// field keeps the focus all the while. `options` gives the items that are shown now, `put` takes
// one of them.
export function choosing(text, box, { options, put }) {
  let chosen = 0;

  function close() {
    box.hidden = true;
    text.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    chosen = place;
    const current = options()[chosen];
    for (const one of box.querySelectorAll("[role=option]"))
      one.setAttribute("aria-selected", String(one === current));
    if (!current) return;
    text.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  }

  function open() {
    box.hidden = false;
    mark(0);
  }

  box.addEventListener("mousedown", (event) => {
    const one = event.target.closest("[role=option]");
    if (!one) return;
    event.preventDefault();
    put(one);
  });
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    const shown = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      mark((chosen + step + shown.length) % shown.length);
    } else if (
      (event.key === "Enter" || event.key === "Tab") &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.shiftKey &&
      shown.length
    ) {
      event.preventDefault();
      put(shown[chosen]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !shown.length) {
      event.preventDefault(); // what was looked for is no line of the text
    } else if (event.key === "Escape") {
      event.preventDefault(); // the dialog around it stays open
      event.stopPropagation();
      close();
    }
  });
  return { open, close };
}
