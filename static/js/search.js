// What a search box does better with a script: pages to go to while one still types, as an editable combobox with a
// list (ARIA Authoring Practices Guide). Loaded when a box is used (site.js), and by the search page. The list is that
// of the page search/suggestions/, fetched by htmx. Without all this the box is a plain form.

const LEAST = 2; // letters
let wanted = null; // what suggestions are fetched for; null when none are wanted, so that a late answer is dropped
let saying = 0; // the announcement to come

const on = (name, act) => document.addEventListener(name, act);
const boxAround = (element) => element?.closest?.("form.search");
const field = (box) => box.elements.q;
const popup = (box) => box.querySelector(".popup");
const options = (box) => [...box.querySelectorAll("[role=option]")];
const active = (box) => box.querySelector("[aria-selected=true]");
const isOpen = (box) => field(box).getAttribute("aria-expanded") === "true";

/** The box whose field this is; nothing for any other element. */
const boxOf = (element) => (element?.name === "q" ? boxAround(element) : null);

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// The box, once it is used

function dress(box) {
  preferGuide(box);
  if (popup(box)) return;
  const input = field(box);
  box.append(Object.assign(document.createElement("div"), { className: "popup", hidden: true }));
  set(input, {
    role: "combobox",
    autocomplete: "off", // the browser's own list would cover ours
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    // Nothing moves, the page keeps its title, and no progress is shown: the answer is quick, or typing goes on.
    "data-hx-get": new URL("suggestions/", box.action).pathname,
    "data-hx-trigger": "input delay:120ms",
    "data-hx-include": "closest form",
    "data-hx-target": "next .popup",
    "data-hx-select": ".suggestions",
    "data-hx-swap": "innerHTML transition:false ignoreTitle:true settle:0ms",
    "data-hx-sync": "this:replace",
    "data-hx-indicator": "#announce",
  });
  htmx.process(input);
  // The page goes to where its own links and forms could not; suggestions that do not come are not missed.
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    input.addEventListener(name, (event) => {
      event.stopPropagation();
      closeList(box);
    });
  }
  if (input.value !== input.defaultValue) input.dispatchEvent(new Event("input", { bubbles: true })); // typed meanwhile
}

// The header stays when htmx changes the page below it, so its guide is that of the address.
function preferGuide(box) {
  if (!box.closest(".site-header")) return;
  const slug = location.pathname.match(/\/guides\/([^/]+)\//)?.[1] ?? "";
  const guide = box.elements.guide ?? Object.assign(document.createElement("input"), { type: "hidden", name: "guide" });
  box.append(guide);
  guide.value = slug;
  guide.disabled = !slug; // stays out of the address
}

// The list comes with the style of its own page, which most pages have no other use for.
let styled = Promise.resolve();

function takeStyle(answer) {
  for (const link of new DOMParser().parseFromString(answer, "text/html").querySelectorAll("link[rel=stylesheet]")) {
    if (document.querySelector(`link[href="${link.getAttribute("href")}"]`)) continue;
    styled = new Promise((done) => (link.onload = link.onerror = done));
    document.head.append(document.adoptNode(link));
  }
}

// The list

async function openList(box) {
  await styled; // without it the list would push the page down
  const found = box.querySelector(".suggestions");
  if (wanted === null) return;
  say(found?.dataset.said);
  if (!found?.dataset.pages) return hideList(box);
  const input = field(box);
  set(found, { role: "listbox", id: `${input.id}-list` });
  for (const item of found.children) set(item, { role: "none" });
  for (const title of found.querySelectorAll(".several")) set(title, { "aria-hidden": "true" }); // each option has it
  found.querySelectorAll("a").forEach((option, place) => {
    set(option, { role: "option", id: `${found.id}-${place}`, tabindex: "-1" });
  });
  activate(box, null);
  popup(box).hidden = false;
  set(input, { "aria-controls": found.id, "aria-expanded": "true" });
}

function hideList(box) {
  popup(box).hidden = true;
  activate(box, null);
  set(field(box), { "aria-expanded": "false" });
}

/** Closes the list, and drops what is on its way to it. */
function closeList(box) {
  wanted = null;
  clearTimeout(saying);
  if (!popup(box)) return;
  htmx.trigger(field(box), "htmx:abort");
  hideList(box);
}

function say(words) {
  clearTimeout(saying);
  if (words) saying = setTimeout(() => announce(words), 900); // when the typing pauses
}

function activate(box, option) {
  for (const other of options(box)) set(other, { "aria-selected": String(other === option) });
  if (option) set(field(box), { "aria-activedescendant": option.id });
  else field(box).removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

/** One option further, `step` 1 or -1; before the first and after the last comes the field itself. */
function move(box, step) {
  const places = [null, ...options(box)];
  activate(box, places.at((places.indexOf(active(box)) + step) % places.length));
}

function want(box) {
  const typed = field(box).value;
  wanted = typed.trim().length < LEAST ? null : typed;
  if (wanted === null) closeList(box);
}

// What the visitor does

const KEYS = {
  ArrowDown: (box) => (isOpen(box) ? move(box, 1) : field(box).dispatchEvent(new Event("input", { bubbles: true }))),
  ArrowUp: (box) => isOpen(box) && move(box, -1),
  Escape: (box) => isOpen(box) && closeList(box),
  Enter: (box) => isOpen(box) && active(box)?.click(),
};

on("keydown", (event) => {
  const box = boxOf(event.target);
  const act = KEYS[event.key];
  if (!box || !act || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const isOurs = event.key === "Enter" ? isOpen(box) && active(box) : isOpen(box) || event.key === "ArrowDown";
  if (isOurs) event.preventDefault(); // else it is the browser's: Enter sends the form, Escape empties the field
  act(box);
});

on("focusin", ({ target }) => boxOf(target) && dress(boxOf(target)));
on("input", ({ target }) => boxOf(target) && want(boxOf(target)));
on("focusout", ({ target }) => boxOf(target) && closeList(boxOf(target)));
on("submit", ({ target }) => target === boxAround(target) && closeList(target));
on("mousedown", (event) => event.target.closest(".popup") && event.preventDefault()); // the focus stays in the field
on("pointerdown", ({ target }) => {
  // A touch beside it does not take the focus away on every telephone.
  for (const box of document.querySelectorAll("form.search")) if (isOpen(box) && !box.contains(target)) closeList(box);
});

// What htmx brings

on("htmx:configRequest", (event) => {
  if (boxOf(event.detail.elt) && wanted === null) event.preventDefault();
});
on("htmx:beforeSend", ({ detail: { elt, xhr } }) => {
  // To htmx a request that another one replaces is an error for the console; here it is done, without an answer.
  if (boxOf(elt)) xhr.onabort = xhr.onload;
});
on("htmx:beforeSwap", ({ detail }) => {
  const { elt, parameters } = detail.requestConfig;
  if (!boxOf(elt)) return;
  if (wanted === null || wanted !== parameters.q) detail.shouldSwap = false;
  else if (detail.shouldSwap) takeStyle(detail.serverResponse);
});
on("htmx:afterSwap", ({ detail }) => {
  const box = boxOf(detail.requestConfig?.elt);
  if (box) openList(box);
});

// Which page was opened, for those who write the pages. The link goes its way whatever comes of this.

function tell(link) {
  const asked = link.closest("[data-asked]")?.dataset.asked;
  const box = document.querySelector("form.search");
  if (!asked || !box || !link.dataset.opened) return;
  const told = new URLSearchParams({ q: asked, number: link.dataset.opened });
  if (link.closest(".popup")) told.set("suggested", "1"); // there was no search page that could have been counted
  navigator.sendBeacon?.(new URL("opened/", box.action), told);
}

on("click", ({ target }) => {
  const link = target.closest("a");
  if (!link) return;
  tell(link);
  if (link.closest(".popup")) closeList(boxAround(link)); // it is shut when the visitor comes back
});

if (boxOf(document.activeElement)) dress(boxOf(document.activeElement));
