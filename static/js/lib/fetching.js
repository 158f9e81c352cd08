// Posting values (or a form's data, with files) as a script does: the answer is JSON, a refusal
// too.
export async function send(url, values) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    body: values instanceof FormData ? values : new URLSearchParams(values),
  });
  const signedOut =
    answer.redirected || !(answer.headers.get("content-type") ?? "").includes("json");
  return {
    ok: answer.ok && !signedOut,
    status: answer.status,
    body: signedOut ? null : await answer.json(),
    signedOut,
  };
}
