// A button that copies the words before it. Without a script there is none, and where the browser
// forbids it the words are marked, so that one key copies them.
export function bind(button) {
  const words = button.closest("[data-to-copy]").querySelector("code");
  const says = button.closest("[data-to-copy]").querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent.trim());
      says.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(words);
      says.textContent = button.dataset.byHand;
    }
  });
}
