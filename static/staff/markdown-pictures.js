/* Pictures in a Markdown text: chosen, pasted or dropped, described, sent, and put where the cursor is. */

(() => {
  const DELAY = 250;

  function start(field) {
    const text = field.querySelector("textarea");
    const panel = field.querySelector("[data-picture-panel]");
    if (!text || text.name.includes("__prefix__") || text.readOnly || panel.dataset.started) return;
    panel.dataset.started = "yes";
    const part = (name) => field.querySelector(`[data-picture-${name}]`);
    const opener = field.querySelector("[data-tool=picture]");
    let chosen = null;
    let sending = false;
    let listed;

    const say = (words, bad = false) => {
      part("status").textContent = words;
      part("status").classList.toggle("is-bad", bad);
    };

    function choose(file) {
      chosen = file;
      part("chosen").hidden = !file;
      part("chosen").textContent = file ? `${file.name || "…"} (${Math.ceil(file.size / 1000)} kB)` : "";
    }

    function open() {
      panel.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      say("");
      list();
    }

    function close() {
      panel.hidden = true;
      opener.setAttribute("aria-expanded", "false");
      choose(null);
      part("file").value = "";
      part("description").value = "";
    }

    function put(line) {
      close();
      window.portalMarkdown.insert(text, window.portalMarkdown.onItsOwn(text, line));
      say(panel.dataset.inserted);
    }

    /* What is wrong before anything is sent, and the place to put it right. */
    function fault() {
      if (!chosen) return ["withoutFile", "file"];
      if (chosen.size > Number(panel.dataset.mostBytes)) return ["tooLarge", "file"];
      if (!part("description").value.trim()) return ["withoutDescription", "description"];
      return null;
    }

    async function send() {
      if (sending) return;
      const found = fault();
      if (found) {
        say(panel.dataset[found[0]], true);
        part(found[1]).focus();
        return;
      }
      sending = true;
      say(panel.dataset.sending);
      try {
        const answer = await ask(field.dataset.uploadUrl, text.form, chosen, part("description").value);
        if (answer.markdown) put(answer.markdown);
        if (answer.text) say(answer.markdown ? `${answer.text} ${panel.dataset.inserted}` : answer.text, !answer.markdown);
      } catch {
        say(panel.dataset.failed, true);
      }
      sending = false;
    }

    async function list() {
      listed?.abort();
      listed = new AbortController();
      const search = new URLSearchParams({ q: part("search").value });
      part("none").textContent = part("list").children.length ? "" : panel.dataset.loading;
      try {
        const answer = await fetch(`${field.dataset.picturesUrl}?${search}`, { redirect: "error", signal: listed.signal });
        const found = await answer.json();
        part("list").replaceChildren(...(found.pictures ?? []).map((picture) => offer(picture, put)));
        part("none").textContent = found.text;
      } catch (error) {
        if (error.name !== "AbortError") part("none").textContent = panel.dataset.failed;
      }
    }

    function take(event, data) {
      const file = [...(data?.files ?? [])].find((one) => one.type.startsWith("image/"));
      // A cell of a spreadsheet comes as words and as a picture of them: the words are meant.
      if (!file || data.types.includes("text/plain")) return;
      event.preventDefault();
      open();
      choose(file);
      part("description").focus();
    }

    let timer;
    opener.addEventListener("click", () => {
      if (!panel.hidden) return close();
      open();
      part("file").focus();
    });
    part("close").addEventListener("click", () => { close(); text.focus(); });
    part("send").addEventListener("click", send);
    part("file").addEventListener("change", () => {
      choose(part("file").files[0] ?? null);
      if (chosen) part("description").focus();
    });
    part("search").addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(list, DELAY);
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { close(); opener.focus(); }
      if (event.key !== "Enter" || event.target.matches("button")) return;
      event.preventDefault(); // it would save the record
      if (event.target === part("description")) send();
    });
    text.addEventListener("paste", (event) => take(event, event.clipboardData));
    text.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    text.addEventListener("drop", (event) => take(event, event.dataTransfer));
  }

  /* What the server says to a picture: the line that shows it, or a sentence why not. */
  async function ask(url, form, file, description) {
    const body = new FormData();
    body.append("file", file, file.name || "picture");
    body.append("description", description);
    const answer = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      body,
      redirect: "error", // signed out meanwhile: the sign-in page is no answer
    });
    return answer.json();
  }

  function offer(picture, put) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    const image = document.createElement("img");
    const words = document.createElement("span");
    button.type = "button";
    image.className = "thumbnail";
    image.src = picture.address;
    image.alt = "";
    words.textContent = picture.description;
    button.append(image, words);
    button.addEventListener("click", () => put(picture.markdown));
    row.append(button);
    return row;
  }

  const startAll = () => document.querySelectorAll("[data-markdown-field]").forEach(start);
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("formset:added", startAll);
})();
