// A fold of a long conversation: opened, it fetches its posts into the page, so that nothing that
// was typed beside it is lost.
export function bind(fold) {
  let fetched = false;
  fold.addEventListener("toggle", async () => {
    if (!fold.open || fetched) return;
    fetched = true;
    const posts = fold.querySelector(".crowd__posts");
    try {
      await window.htmx.ajax("GET", fold.dataset.url, { target: posts, swap: "innerHTML" });
    } catch {
      fetched = false; // the way to a page of their own still stands there
    }
  });
}
