// The findings of the checks: listed below the text, underlined in it, with room for an explanation
// that is kept while typing goes on.
export function bind(section) {
  const form = section.closest("form");
  const text = form.querySelector("textarea[name=text]");
  const backdrop = form.querySelector("[data-backdrop]");
  const list = section.querySelector("[data-list]");
  const template = section.querySelector("template");
  const lead = section.querySelector("[data-lead]");

  // The server counts code points, the browser counts UTF-16 units.
  function units(place) {
    return Array.from(text.value).slice(0, place).join("").length;
  }

  function fill(item, one) {
    item.dataset.severity = one.severity;
    item.dataset.finding = one.key;
    item.dataset.start = one.start;
    item.dataset.end = one.end;
    item.querySelector("[data-label]").textContent = one.label;
    item.querySelector("[data-number]").textContent = one.paragraph;
    item.querySelector("[data-title]").textContent = one.title;
    item.querySelector("[data-sentence]").textContent = one.sentence;
    item.querySelector("[data-goto]").hidden = !one.end;
    const explain = item.querySelector("[data-explain]");
    explain.hidden = one.severity !== "must_explain";
    explain.querySelector("input").name = `explain:${one.key}`;
  }

  function underline(findings) {
    backdrop.replaceChildren();
    const letters = Array.from(text.value);
    let at = 0;
    for (const one of findings.filter((each) => each.end).sort((a, b) => a.start - b.start)) {
      if (one.start < at) continue;
      const mark = document.createElement("mark");
      mark.dataset.severity = one.severity;
      mark.textContent = letters.slice(one.start, one.end).join("");
      backdrop.append(letters.slice(at, one.start).join(""), mark);
      at = one.end;
    }
    backdrop.append(letters.slice(at).join(""));
  }

  function show(findings, sentence) {
    const known = new Map([...list.children].map((item) => [item.dataset.finding, item]));
    const items = findings.map((one) => {
      const item = known.get(one.key) ?? template.content.firstElementChild.cloneNode(true);
      fill(item, one);
      return item;
    });
    if (
      items.length !== list.children.length ||
      items.some((item, place) => item !== list.children[place])
    ) {
      const focused = document.activeElement;
      list.replaceChildren(...items);
      if (list.contains(focused)) focused.focus();
    }
    lead.hidden = !sentence;
    lead.querySelector("span").textContent = sentence;
    section.hidden = !items.length && !sentence;
    const numbers = new Set(findings.map((one) => one.paragraph));
    for (const paragraph of document.querySelectorAll("[data-beside] [data-paragraph]")) {
      if (numbers.has(paragraph.dataset.paragraph.split(":")[1])) {
        paragraph.hidden = false;
        paragraph.open = true;
      }
    }
    underline(findings);
  }

  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-goto]")?.closest("[data-finding]");
    if (!item) return;
    text.focus();
    text.setSelectionRange(units(Number(item.dataset.start)), units(Number(item.dataset.end)));
  });
  text.addEventListener("input", () => backdrop.replaceChildren());
  form.addEventListener("findings", (event) => show(event.detail.findings, event.detail.lead));
  const begin = JSON.parse(section.querySelector("script")?.textContent ?? "[]");
  if (begin.length) show(begin, lead.querySelector("span").textContent);
}
