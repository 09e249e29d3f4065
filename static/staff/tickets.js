/* The link for a ticket follows the ticks at once; the server makes it. Without JavaScript a button does the same. */

const form = document.querySelector("[data-ticket]");
let running;

async function follow() {
  running?.abort();
  running = new AbortController();
  const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { signal: running.signal });
    if (!answer.ok || !answer.url.includes(location.pathname)) return form.submit(); // signed out, or gone meanwhile
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("ticket-link").replaceWith(document.adoptNode(page.getElementById("ticket-link")));
    history.replaceState(null, "", answer.url);
    document.dispatchEvent(new Event("portal:replaced"));
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

if (form) {
  form.querySelector(".without-script").hidden = true;
  form.addEventListener("change", ({ target }) => {
    // One answer for a check.
    if (target.checked) {
      for (const other of target.closest("tr").querySelectorAll("input")) if (other !== target) other.checked = false;
    }
    follow();
  });
}
