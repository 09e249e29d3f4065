// What the pages do better with a script. Without it everything still works.
// It waits for the page, never the page for it; htmx is loaded after it and starts after it.

const root = document.documentElement;
const find = (selector) => document.querySelector(selector);

function store(area, name, value) {
  try {
    if (value !== undefined) area().setItem(name, value);
    return area().getItem(name);
  } catch {
    return null; // storage is switched off
  }
}
const thisTab = () => sessionStorage;
const thisBrowser = () => localStorage;

let announcing;

function announce(words) {
  const status = find("#announce");
  status.textContent = "";
  clearTimeout(announcing); // of two, the later one is meant
  announcing = setTimeout(() => (status.textContent = words), 50); // the same words twice are announced twice
}

// Colours: as the system has them, or the other way where the visitor wants it.

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";

function useTheme(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme; // the button's words follow by style sheet
}

root.dataset.script = "on"; // shows the buttons that need one (.needs-script)
useTheme(store(thisBrowser, "theme"));

// Copy: <button data-copy="id of the text" data-done="what is announced">

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    // No clipboard on a page that came by plain http: select the text and use the older way.
    getSelection().selectAllChildren(source);
    if (!document.execCommand("copy")) return;
  }
  announce(button.dataset.done);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 2000);
}

addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy], [data-print], [data-theme-switch]");
  if (!button) return;
  if ("print" in button.dataset) printAll();
  else if ("themeSwitch" in button.dataset) useTheme(store(thisBrowser, "theme", isDark() ? "light" : "dark") || (isDark() ? "light" : "dark"));
  else copy(button);
});

// Print: where a page has one check of several, the page with all of them.

function printAll() {
  const all = find(".steps [data-address]");
  if (all) location.assign(`${all.href}#print`);
  else print();
}

// Way in: what the answer forms tell of how the visitor came to a symptom. Kept in this tab only.

const WALK = /\/guides\/[^/]+\/(?!none\/)[^/]+\//;
const WAYS = [[/\/guides\/[^/]+\/$/, "guide"], [/\/search\/$/, "search"], [/\/faq\//, "faq"]];
let before = document.referrer; // the page before this one, also when htmx went from one to the other

function cameBy() {
  if (!before || new URL(before).origin !== location.origin) return "link";
  const { pathname } = new URL(before);
  return WAYS.find(([pattern]) => pattern.test(pathname))?.[1];
}

function wayIn() {
  const symptom = location.pathname.match(WALK)?.[0];
  return symptom ? store(thisTab, symptom, cameBy()) ?? cameBy() ?? "" : "";
}

addEventListener("submit", ({ target }) => target.elements.via && (target.elements.via.value = wayIn()), true);

// Disclosures: the address may name something inside a closed one; on paper all are open.

function openForHash() {
  const target = document.querySelector(":target"); // the browser reads the address, however odd it is
  const closed = target && target.closest("details:not([open])");
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView();
}

addEventListener("hashchange", openForHash);
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    addEventListener("afterprint", () => (details.open = false), { once: true });
  }
});

document.addEventListener("DOMContentLoaded", () => {
  setUpHtmx(); // it has been loaded by now, and starts after this: by a later listener of the same document
  wayIn();
  openForHash();
  if (location.hash !== "#print") return;
  history.replaceState(history.state, "", location.pathname + location.search); // shown again, the page does not print again
  print();
});

// Walking with htmx: the whole page comes, its part #page takes the place of ours. The names of its events are those of htmx 2.

function setUpHtmx() {
  Object.assign(htmx.config, {
    // Nothing is evaluated or styled by it, and no page is kept in the browser's storage.
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    historyCacheSize: 0,
    globalViewTransitions: true,
    timeout: 10_000, // then the plain link or form takes over
  });
  // A form that says what is wrong with it, and a page that asks to wait: sending either again would count twice.
  htmx.config.responseHandling.unshift({ code: "422|429", swap: true });
}

// When the next page interrupts a view transition, the browser rejects a promise that htmx does not hold. Nothing is wrong.
addEventListener("unhandledrejection", (event) => {
  if (event.reason?.name === "AbortError" && /transition/i.test(event.reason.message)) event.preventDefault();
});

// With a key held, a click opens a new tab or window, or saves: the browser's own business.
addEventListener("click", (event) => {
  const isForBrowser = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (isForBrowser && event.target.closest("a[data-hx-get]")) event.stopPropagation();
}, true);

const on = (names, act) => names.split(" ").forEach((name) => addEventListener(name, act));

let here = location.href; // the page on the screen; `location` is ahead of it while a change is under way
const place = () => `scroll ${here}`;
addEventListener("scroll", () => store(thisTab, place(), scrollY), { passive: true });

// The place of the page's check, with its name where the heading of the page is another one.
function placeOfCheck(heading) {
  const place = find("#main .check .place");
  const title = find("#main .check :is(h1, h2)");
  if (!place) return "";
  return title === heading ? place.textContent : `${place.textContent}: ${title.textContent}`;
}

// The focus goes to the heading, which is read out then: what is announced does not repeat it. A refused form names
// the place of its error (autofocus), and nothing else is said.
function arrive() {
  wayIn();
  const heading = find("#main h1");
  const refused = find("#main [autofocus]");
  (refused ?? heading)?.focus({ preventScroll: true });
  announce(refused ? "" : placeOfCheck(heading));
  if (refused) setTimeout(() => refused.scrollIntoView({ block: "center" })); // htmx goes to the top first
}

on("htmx:pushedIntoHistory htmx:historyCacheMissLoad", () => {
  before = here;
  here = location.href;
});
on("htmx:afterSettle", ({ target }) => {
  if (target.id === "page") arrive();
  if (target.id !== "main") return;
  arrive(); // by Back or Forward, which bring the parts of #page; htmx:historyRestore comes before they are there
  const y = store(thisTab, place());
  if (y !== null) setTimeout(() => scrollTo(0, Number(y)));
});

// A refused form is no page of its own to come back to, unless it was sent from elsewhere.
on("htmx:beforeHistoryUpdate", ({ detail: { history, xhr } }) => {
  if (xhr.status >= 400 && history.path === location.pathname + location.search) history.type = "replace";
});

// What htmx could not do, the plain link or form does: what was pressed and written goes along.

let pressed = null;
addEventListener("submit", ({ submitter }) => (pressed = submitter), true);

function plainly({ detail: { elt } }) {
  if (elt.href) return location.assign(elt.href);
  if (pressed?.name && elt.contains(pressed)) {
    elt.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
  }
  elt.querySelectorAll("fieldset").forEach((fieldset) => (fieldset.disabled = false));
  HTMLFormElement.prototype.submit.call(elt);
}

// No connection: a form stays as it is, with what was written, and says so. Pressing again tries again.

function unreachable(event) {
  const { elt } = event.detail;
  if (elt.href) return plainly(event);
  const note = elt.querySelector(".unreachable") || elt.insertBefore(document.createElement("p"), elt.firstChild);
  note.className = "problem unreachable";
  note.textContent = find("#announce").dataset.unreachable;
  announce(note.textContent);
  pressed?.focus();
}

on("htmx:responseError htmx:timeout", plainly);
on("htmx:sendError", unreachable);

// Search: what its box does better with a script is loaded when the box is used.

on("focusin input", ({ target }) => {
  const script = target.form?.dataset.script;
  if (script) import(script).catch(() => {}); // then it stays a plain form
});
