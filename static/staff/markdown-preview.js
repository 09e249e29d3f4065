/* Shows how a Markdown text will look, while it is being written; the server renders it. */

const DELAY = 300;

function start(field) {
  const text = field.querySelector("textarea");
  // The row that new rows are made from; its copies are started when they are added.
  if (!text || text.name.includes("__prefix__") || field.dataset.started) return;
  field.dataset.started = "yes";
  field.querySelector("[data-markdown-preview]").hidden = false;

  let timer;
  let running;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    await show(field, text, running.signal);
  };
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, DELAY);
  });
  // Only what is in view or near it asks the server, so a long page does not ask for all at once.
  new IntersectionObserver((entries, watcher) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    refresh();
  }, { rootMargin: "50%" }).observe(field);
}

async function show(field, text, signal) {
  const target = field.querySelector("[data-markdown-text]");
  const status = field.querySelector("[data-markdown-status]");
  if (!text.value.trim()) {
    target.textContent = field.dataset.empty;
    status.textContent = "";
    return;
  }
  try {
    const answer = await fetch(field.dataset.previewUrl, {
      method: "POST",
      headers: { "X-CSRFToken": text.form.querySelector("[name=csrfmiddlewaretoken]").value },
      body: new URLSearchParams({ text: text.value }),
      redirect: "error", // signed out meanwhile: the sign-in page is no preview
      signal,
    });
    if (answer.status === 413) {
      status.textContent = await answer.text();
      return;
    }
    if (!answer.ok) throw new Error(answer.statusText);
    target.innerHTML = await answer.text(); // sanitised by the server, as on the site
    status.textContent = "";
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = field.dataset.failed;
  }
}

function startAll() {
  document.querySelectorAll("[data-markdown-field]").forEach(start);
}

document.addEventListener("DOMContentLoaded", startAll);
document.addEventListener("formset:added", startAll);
