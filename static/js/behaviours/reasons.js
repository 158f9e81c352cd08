// Reasons while changes are being asked for: a digit cites that paragraph of the guideline, names
// it where nothing is written yet, and leads to the button. Who goes on typing meant a sentence
// that begins with a digit: then it is one.
export function bind(form, signal) {
  const folded = form.closest("details");
  const cited = form.querySelector("select[name=paragraph]");
  const words = form.querySelector("textarea[name=comment]");
  const main = form.querySelector(".button--main");
  let digits = "";

  function cite(digit) {
    const chosen = [...cited.options].find((one) => one.value === digit);
    if (!chosen) return false;
    const named = [...cited.options].some((one) => one.text === words.value);
    cited.value = chosen.value;
    if (!words.value.trim() || named) {
      digits += digit;
      words.value = chosen.text;
    }
    main.focus();
    return true;
  }

  function goOn(typed) {
    words.value = digits + typed;
    cited.value = "";
    digits = "";
    words.focus();
    words.setSelectionRange(words.value.length, words.value.length);
  }

  function pressed(event) {
    if (
      !folded.open ||
      event.key.length !== 1 ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.isComposing
    )
      return;
    const free =
      event.target === words
        ? !words.value
        : !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (/^[1-9]$/.test(event.key) && free && cite(event.key)) event.preventDefault();
    else if (digits && event.target === main) {
      event.preventDefault();
      goOn(event.key);
    }
  }

  document.addEventListener("keydown", pressed, { signal });
  words.addEventListener("input", () => {
    digits = "";
  });
}
