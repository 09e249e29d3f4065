// Flags are set and ended in place, so that what is being written in the form below is not lost.
// Without this script the forms work as they are: the page comes anew.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const panel = form.closest("#flags");
  if (!panel) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  const status = panel.querySelector("[data-flags-status]");
  const part = panel.querySelector("[data-flags]");
  try {
    const sent = new FormData(form);
    sent.set("next", location.pathname + location.search);
    const response = await fetch(form.action, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const renewed = page.getElementById("flags");
    if (!response.ok || !renewed) throw new Error(`answered ${response.status}`);
    panel.className = renewed.className;
    part.replaceWith(renewed.querySelector("[data-flags]"));
    const said = [...page.querySelectorAll(".messagelist li")].map((message) => message.textContent.trim());
    status.textContent = said.join(" ");
  } catch {
    button.disabled = false;
    status.textContent = part.dataset.failed;
  }
  status.classList.toggle("is-failed", button.isConnected);
  status.focus();
});
