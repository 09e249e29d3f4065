/* Names for what Django's own scripts and templates leave without: who does not see the page hears them. */

// A choice with search stands in place of a select: it takes over the name of that select's label.
function nameChoices() {
  document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = select.labels[0]?.textContent.trim().replace(/:$/, "") || select.getAttribute("aria-label") || columnOf(select);
    const parts = select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field");
    for (const part of parts ?? []) {
      const chosen = part.getAttribute("role") === "textbox" ? part.title : select.selectedOptions[0]?.textContent;
      part.setAttribute("aria-label", chosen ? `${label}: ${chosen.trim()}` : label);
      part.removeAttribute("aria-labelledby");
    }
  });
}

// In rows the heading of the column is the name.
function columnOf(element) {
  const cell = element.closest("td");
  return cell?.closest("table").querySelector(`thead th:nth-child(${cell.cellIndex + 1})`)?.textContent.trim() ?? "";
}

// A column heading without words is no heading.
function nameColumns() {
  document.querySelectorAll("thead th").forEach((heading) => {
    if (heading.textContent.trim() || heading.querySelector("[alt], [aria-label], input")) return;
    const cell = document.createElement("td");
    cell.className = heading.className;
    heading.replaceWith(cell);
  });
}

addEventListener("load", () => {
  nameColumns();
  setTimeout(nameChoices); // jQuery makes the choices after this event
  // select2 belongs to Django's jQuery, and so do its events.
  django.jQuery(document).on("select2:select select2:clear select2:unselect formset:added", () => setTimeout(nameChoices));
});
