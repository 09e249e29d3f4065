// The filter above a long list of situations: shows those that have all the words typed, in any order. Loaded when its
// field is used (site.js); without it, and with Enter, the form searches the guide.

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|\p{L}\p{N}/u; // or E1042 for E-1042

/** The words of a text, without accents, apostrophes and case. */
function words(text) {
  const folded = text.normalize("NFKD").replace(/[\p{M}'’]/gu, "").toUpperCase().toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Tells whether a word of the text begins like this; where words are not spaced, whether the text contains it. */
function has(text, word) {
  return text.includes(` ${word}`) || (UNSPACED.test(word) && text.replaceAll(" ", "").includes(word));
}

const field = (form) => form.elements.q;
const formOf = (element) => element?.form?.matches?.("[data-filter]") && element === field(element.form) && element.form;

let counting;

function say(status, text) {
  clearTimeout(counting);
  counting = setTimeout(() => (status.textContent = text), 300); // when the typing pauses
}

function filter(form) {
  const typed = words(field(form).value);
  const items = [...form.parentElement.querySelectorAll("[data-words]")];
  for (const item of items) {
    const text = ` ${words(`${item.textContent} ${item.dataset.words}`).join(" ")}`;
    item.hidden = !typed.every((word) => has(text, word));
  }
  for (const list of new Set(items.map((item) => item.parentElement))) {
    (list.closest("section") ?? list).hidden = [...list.children].every((item) => item.hidden);
  }
  const status = form.querySelector("[role=status]");
  const shown = items.filter((item) => !item.hidden).length;
  say(status, !typed.length ? form.dataset.all : shown ? form.dataset.some.replace("#", shown) : form.dataset.none);
}

document.addEventListener("input", ({ target }) => formOf(target) && filter(formOf(target)));
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && !event.isComposing && formOf(event.target);
  if (!form || !field(form).value) return;
  event.preventDefault();
  field(form).value = "";
  filter(form);
});

if (formOf(document.activeElement)) filter(formOf(document.activeElement)); // typed meanwhile
