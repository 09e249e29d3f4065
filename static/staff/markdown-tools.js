/* The row of buttons above a Markdown text. What they write can be undone with Ctrl+Z, as if it had been typed. */

(() => {
  /* Puts words in place of what is marked, and marks a part of them: the part that the person will want to change. */
  function insert(text, words, mark = "") {
    text.focus();
    const start = text.selectionStart;
    // The only way that the browser's undo knows of; where it is gone, without undo.
    if (!document.execCommand("insertText", false, words)) {
      text.setRangeText(words, start, text.selectionEnd, "end");
      text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    const place = mark ? words.indexOf(mark) : -1;
    if (place >= 0) text.setSelectionRange(start + place, start + place + mark.length);
  }

  /* What has to stand before and after a block, so that it is a paragraph of its own. */
  function onItsOwn(text, block) {
    const before = text.value.slice(0, text.selectionStart);
    const after = text.value.slice(text.selectionEnd);
    const lines = (part, count) => "\n".repeat(Math.max(0, part ? 2 - count : 0));
    const open = lines(before, before.match(/\n*$/)[0].length);
    const close = lines(after, after.match(/^\n*/)[0].length);
    return open + block + close;
  }

  const everyLine = (words, first) => words.split("\n").map((line, index) => first(index) + line).join("\n");

  /* Each tool: what is written, from the marked words or a sample of them, and whether it is a block. */
  const TOOLS = {
    bold: (words) => `**${words}**`,
    link: (words) => `[${words}](/s/1042/)`,
    keys: (words) => `++${words.toLowerCase()}++`,
    list: (words) => everyLine(words, () => "- "),
    steps: (words) => everyLine(words, (index) => `${index + 1}. `),
    callout: (words, sample) => `!!! note "${sample}"\n${everyLine(words, () => "    ")}`,
  };
  const BLOCKS = ["list", "steps", "callout"];
  const TO_CHANGE = { link: "/s/1042/" };

  function use(button, text) {
    const { tool, sample } = button.dataset;
    const marked = text.value.slice(text.selectionStart, text.selectionEnd);
    const words = marked || sample;
    const made = TOOLS[tool](words, sample);
    insert(text, BLOCKS.includes(tool) ? onItsOwn(text, made) : made, marked ? TO_CHANGE[tool] : words);
  }

  /* One stop for the Tab key; the arrows go from button to button. */
  function walk(tools, event) {
    const buttons = [...tools.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    stopAt(buttons, buttons.at(to % buttons.length));
    buttons.at(to % buttons.length).focus();
  }

  function stopAt(buttons, current) {
    buttons.forEach((button) => { button.tabIndex = button === current ? 0 : -1; });
  }

  function start(field) {
    const text = field.querySelector("textarea");
    const tools = field.querySelector("[data-markdown-tools]");
    if (!text || text.name.includes("__prefix__") || text.readOnly || tools.dataset.started) return;
    tools.dataset.started = "yes";
    tools.hidden = false;
    // Where nobody has put the cursor yet, it stands at the beginning; what is new belongs at the end.
    text.setSelectionRange(text.value.length, text.value.length);
    const buttons = [...tools.querySelectorAll("button")];
    stopAt(buttons, buttons[0]);
    tools.addEventListener("keydown", (event) => walk(tools, event));
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tool]");
      if (!button) return;
      stopAt(buttons, button);
      if (button.dataset.tool in TOOLS) use(button, text);
    });
  }

  const startAll = () => document.querySelectorAll("[data-markdown-field]").forEach(start);
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("formset:added", startAll);
  window.portalMarkdown = { insert, onItsOwn };
})();
