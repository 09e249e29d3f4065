// What the pages do better with a script. Without it everything still works.

document.documentElement.dataset.script = "on"; // shows the buttons that need one (.needs-script)

function announce(words) {
  const status = document.getElementById("announce");
  status.textContent = "";
  setTimeout(() => (status.textContent = words), 50); // the same words twice are announced twice
}

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

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (button) "print" in button.dataset ? print() : copy(button);
});

// Way in: what the answer forms tell of how the visitor came to a symptom. Kept in this tab only.

const WALK = /\/guides\/[^/]+\/(?!none\/)[^/]+\//;
const WAYS = [[/\/guides\/[^/]+\/$/, "guide"], [/\/search\/$/, "search"], [/\/faq\//, "faq"]];

function cameBy() {
  if (!document.referrer || new URL(document.referrer).origin !== location.origin) return "link";
  const { pathname } = new URL(document.referrer);
  return WAYS.find(([pattern]) => pattern.test(pathname))?.[1];
}

function wayIn() {
  const symptom = location.pathname.match(WALK)?.[0];
  if (!symptom) return "";
  let known;
  try {
    const came = cameBy();
    if (came) sessionStorage.setItem(symptom, came);
    known = sessionStorage.getItem(symptom);
  } catch {
    known = cameBy(); // storage is switched off
  }
  return known ?? "";
}

wayIn();
document.addEventListener("submit", ({ target }) => target.elements.via && (target.elements.via.value = wayIn()), true);

// Disclosures: the address may name something inside a closed one; on paper all are open.

function openForHash() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const closed = target && target.closest("details:not([open])");
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView();
}

addEventListener("hashchange", openForHash);
openForHash();

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    addEventListener("afterprint", () => (details.open = false), { once: true });
  }
});
