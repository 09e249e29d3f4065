/* The finder in the header: Ctrl+K goes there from anywhere, and two letters bring the first pages.
   The list is that of the public search box (js/search.js), with this page's own announcer. */

function announce(words) {
  const status = document.getElementById("announce");
  status.textContent = "";
  setTimeout(() => (status.textContent = words), 50); // the same words twice are announced twice
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const field = document.getElementById("finder-q");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
