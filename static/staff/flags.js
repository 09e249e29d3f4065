// Flags are set and ended in place, so that what is being written in the form below is not lost.
// Without this script, or where the answer is another page than the record's, the forms work as they are.

const flags = document.getElementById("flags");

if (flags) {
  flags.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = event.submitter ?? form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    const part = flags.querySelector("[data-flags]");
    try {
      const sent = new FormData(form);
      sent.set("next", location.pathname + location.search);
      const response = await fetch(form.action, { method: "POST", body: sent });
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      const renewed = answer.querySelector("#flags [data-flags]");
      if (!response.ok || !renewed) throw new Error(`answered ${response.status}`);
      part.replaceWith(renewed);
      flags.className = answer.getElementById("flags").className;
      say([...answer.querySelectorAll(".messagelist li")].map((message) => message.textContent.trim()).join(" "));
    } catch {
      button.disabled = false;
      say(part.dataset.failed);
    }
  });
}

function say(words) {
  const status = flags.querySelector("[data-flags-status]");
  status.textContent = words;
  status.focus();
}
