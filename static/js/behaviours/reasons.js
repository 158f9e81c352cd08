// Reasons while changes are being asked for: a digit cites that paragraph of the guideline, names it where nothing is written yet, and leads to the button.
export function bind(form) {
  const folded = form.closest("details");
  const cited = form.querySelector("select[name=paragraph]");
  const words = form.querySelector("textarea[name=comment]");

  document.addEventListener("keydown", (event) => {
    if (!form.isConnected || !folded.open || !/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const chosen = [...cited.options].find((one) => one.value === event.key);
    if (!chosen) return;
    event.preventDefault();
    const before = [...cited.options].find((one) => one.text === words.value);
    cited.value = chosen.value;
    if (!words.value.trim() || before) words.value = chosen.text;
    form.querySelector(".button--main").focus();
  });
}
