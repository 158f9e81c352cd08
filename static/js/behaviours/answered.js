// A conversation opens at the post that is answered. Once for each ticket: what arrives later
// moves nothing.
let opened = "";

export function bind(post) {
  const ticket = location.pathname;
  const pane = post.closest(".pane");
  if (opened === ticket || !pane) return;
  opened = ticket;
  const [seen, there] = [pane.getBoundingClientRect(), post.getBoundingClientRect()];
  if (there.bottom <= seen.bottom || pane.scrollHeight <= pane.clientHeight) return;
  pane.scrollTop += there.top - seen.top - pane.clientHeight / 3;
}
