// The customer did something while the words were being written: it is shown beside them, and
// submitting waits until it was read.
export function watch(form, signal) {
  const text = form.querySelector("textarea[name=text]");
  const contextVersion = form.querySelector("input[name=context_version]");
  const wrote = form.querySelector("[data-wrote]");
  const conversation = () => document.getElementById("conversation");

  function look() {
    const shown = conversation();
    if (!shown) return;
    if (!text.value.trim()) {
      contextVersion.value = shown.dataset.contextVersion;
      return;
    }
    if (Number(shown.dataset.customerContextVersion) <= Number(contextVersion.value)) return;
    const newest = [...shown.querySelectorAll(".post--post .post__words")].at(-1);
    const words = wrote.querySelector("[data-wrote-words]");
    words.textContent = newest?.textContent.trim() ?? "";
    words.dir = newest?.dir ?? "";
    wrote.hidden = false;
  }

  wrote.querySelector("[data-go-on]").addEventListener("click", () => {
    contextVersion.value = conversation().dataset.contextVersion;
    wrote.hidden = true;
    text.focus();
  });
  document.addEventListener("htmx:after:swap", look, { signal });
  form.addEventListener("submit", (event) => {
    if (wrote.hidden) return;
    event.preventDefault();
    wrote.focus();
  });
}
