"use strict";
// Hides the rows that lack one of the words that are searched for; a section without a row is hidden, and its link.
(function () {
  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const state = document.getElementById("found");
  const sections = Array.from(document.querySelectorAll("main section")).filter((section) => section.querySelector("tbody"));
  const rows = sections.flatMap((section) => Array.from(section.querySelectorAll("tbody tr")));
  // A row is found by its name with that of its module, too: torch.nn.functional.relu.
  const texts = sections.flatMap((section) => {
    const module = section.querySelector("h2").textContent;
    return Array.from(section.querySelectorAll("tbody tr"), (row) => (module + "." + row.textContent).toLowerCase());
  });
  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter((word) => word !== "")
      .map((word) => word.replace(/^f\./, "functional."));
    let found = 0;
    rows.forEach((row, k) => {
      row.hidden = !words.every((word) => texts[k].includes(word));
      found += row.hidden ? 0 : 1;
    });
    sections.forEach((section) => {
      const shown = section.querySelectorAll("tbody tr:not([hidden])").length;
      const names = section.querySelector("caption").textContent.replace(/^\d+ of /, "");
      section.querySelector("caption").textContent = (words.length ? shown + " of " : "") + names;
      section.hidden = shown === 0;
      document.querySelector(`nav a[href="#${section.id}"]`).parentElement.hidden = section.hidden;
    });
    state.textContent = found + " of " + rows.length + " names";
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", search);
  search();
})();
