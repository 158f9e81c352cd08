// A toast leaves after eight seconds, or at once when it is told to.
export function bind(element) {
  const timer = setTimeout(() => element.remove(), 8000);
  element.querySelector("[data-close]")?.addEventListener("click", () => {
    clearTimeout(timer);
    element.remove();
  });
}
