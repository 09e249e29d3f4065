/* Copies a page's address, and says so. Without JavaScript the address can be read beside the place of the button. */

function startCopying() {
  document.querySelectorAll("[data-copy-link]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
}

async function copy(button) {
  const status = document.querySelector("[data-copy-status]");
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(button.dataset.copyLink);
    status.textContent = button.dataset.copied;
  } catch {
    // Not allowed, or no secure connection: mark the address, so that Ctrl+C takes it.
    getSelection().selectAllChildren(button.parentElement.querySelector("a, code"));
    status.textContent = button.dataset.failed;
  }
}

document.addEventListener("DOMContentLoaded", startCopying);
