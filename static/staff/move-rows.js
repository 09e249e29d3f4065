/* Buttons that move a row up or down, beside dragging: for the keyboard, for a finger, for rows just added. */

const ROWS = ".inline-group tr.form-row:not(.empty-form)";

function addButtons() {
  document.querySelectorAll(`${ROWS} td.field-position input[type=number]`).forEach((input) => {
    const cell = input.closest("td");
    if (cell.querySelector(".move-row")) return;
    const buttons = document.createElement("span");
    buttons.className = "move-rows";
    buttons.append(button("up", "▲", "Move up"), button("down", "▼", "Move down"));
    cell.append(buttons);
  });
}

function button(way, sign, name) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "move-row";
  made.dataset.way = way;
  made.textContent = sign;
  made.setAttribute("aria-label", name);
  made.title = name;
  return made;
}

function move(pressed) {
  const row = pressed.closest("tr");
  const rows = [...row.parentElement.querySelectorAll(":scope > tr.form-row:not(.empty-form)")];
  const place = rows.indexOf(row);
  const other = rows[place + (pressed.dataset.way === "up" ? -1 : 1)];
  if (!other) return;
  if (pressed.dataset.way === "up") other.before(row);
  else other.after(row);
  renumber(row.parentElement);
  pressed.focus();
}

function renumber(body) {
  const rows = body.querySelectorAll(":scope > tr.form-row:not(.empty-form)");
  rows.forEach((row, index) => {
    const input = row.querySelector("td.field-position input");
    if (input) input.value = index + 1;
  });
}

document.addEventListener("DOMContentLoaded", addButtons);
document.addEventListener("formset:added", () => setTimeout(addButtons));
document.addEventListener("click", (event) => {
  const pressed = event.target.closest(".move-row");
  if (pressed) move(pressed);
});
