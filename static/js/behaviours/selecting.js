// Choosing several tickets: how many are chosen, all at once, Shift for a span, Space with the
// keys.
export function bind(form) {
  const boxes = [...form.querySelectorAll("input[name=number]")];
  const count = form.querySelector("[data-chosen-count]");
  const all = form.querySelector("[data-choose-all]");
  if (!count || !all) return;
  const words = count.textContent;
  let last = null;
  const say = () => {
    const chosen = boxes.filter((one) => one.checked).length;
    count.textContent = chosen ? `${words} (${chosen})` : words;
  };
  all.hidden = false;
  all.addEventListener("click", () => {
    const every = boxes.every((one) => one.checked);
    for (const one of boxes) one.checked = !every;
    say();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last && last !== box) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
      }
      last = box;
      say();
    });
  }
  say();
}
