// A note is saved by the key that submits a reply.
export function bind(field) {
  field.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!sends || event.repeat || event.isComposing) return;
    event.preventDefault();
    field.form.requestSubmit();
  });
}
