// A button that opens the browser's own dialog for printing, which also saves as PDF. Without a
// script there is none: the browser's menu does the same.
export function bind(element) {
  element.hidden = false;
  element.addEventListener("click", () => window.print());
}
