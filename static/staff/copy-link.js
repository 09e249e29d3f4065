/* Copies a page's address, or a text with it, and says so. Without JavaScript it can be read beside the place of the
   button. */

function showButtons() {
  document.querySelectorAll("[data-copy-link]").forEach((button) => (button.hidden = false));
}

async function copyLink(button) {
  const status = document.querySelector("[data-copy-status]");
  const text = button.dataset.copyLink;
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(text.startsWith("/") ? new URL(text, location).href : text);
    status.textContent = button.dataset.copied;
  } catch {
    // Not allowed, or no secure connection: mark the text, so that Ctrl+C takes it.
    const source = button.closest("[data-copy-source]") ?? button.parentElement;
    getSelection().selectAllChildren(source.querySelector(text.includes("\n") ? ".plain-summary" : "a, code"));
    status.textContent = button.dataset.failed;
  }
}

document.addEventListener("DOMContentLoaded", showButtons);
document.addEventListener("portal:replaced", showButtons);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy-link]");
  if (button) copyLink(button);
});
