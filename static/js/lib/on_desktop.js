// A notice on the desktop, where this browser was given leave; who clicks it comes to its page.
export function onDesktop(notice) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification("Paraph", {
    body: notice.text,
    tag: `paraph-${notice.id}`,
    icon: document.querySelector("link[rel=icon]")?.href,
  });
  shown.addEventListener("click", () => {
    window.focus();
    window.location.assign(notice.url);
  });
}
