/* Copies and prints what is shown only once. Without JavaScript it can be marked and copied by hand. */

function start() {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
}

async function copy(button) {
  const text = document.querySelector("[data-copy-text]");
  const status = document.querySelector("[data-copy-status]");
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(text.innerText);
    status.textContent = button.dataset.copied;
  } catch {
    // Not allowed, or no secure connection: mark it, so that Ctrl+C takes it.
    getSelection().selectAllChildren(text);
    status.textContent = button.dataset.failed;
  }
}

start();
