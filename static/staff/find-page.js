/* Suggests pages while somebody writes into a field that names one. Without it the form finds them when it is sent. */

"use strict";

{
  const PAUSE = 250;

  const suggest = async (field, input, list) => {
    const words = input.value.trim();
    if (words.length < 2) {
      return;
    }
    const url = `${field.dataset.suggestions}?q=${encodeURIComponent(words)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || input.value.trim() !== words) {
      return;
    }
    const { pages } = await answer.json();
    list.replaceChildren(...pages.map((page) => new Option(page.name, page.number)));
  };

  const watch = (field) => {
    const input = field.querySelector("input[list]");
    const list = field.querySelector("datalist");
    let waiting = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => suggest(field, input, list).catch(() => {}), PAUSE);
    });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-find-page]").forEach(watch));
}
