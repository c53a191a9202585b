"use strict";
// Keeps the page up to date with the training. A section that is in use, by focus or as a chart is enlarged, waits until it is left.
(function () {
  const main = document.querySelector("main");
  const about = document.querySelector("header p");
  const waiting = new Map();
  const source = new EventSource("events");

  function isUsed(section) {
    return section.contains(document.activeElement);
  }

  function replace(section, content) {
    const open = Array.from(section.querySelectorAll("details"), details => details.open);
    section.innerHTML = content;
    section.querySelectorAll("details").forEach((details, k) => { details.open = Boolean(open[k]); });
    window.adjointCharts(section);
    const line = section.querySelector("#about");
    if (line) about.textContent = line.textContent;
  }

  source.addEventListener("sections", event => {
    const shown = Array.from(main.children, section => section.id).join(" ");
    if (shown !== event.data) location.reload();
  });
  source.addEventListener("part", event => {
    const end = event.data.indexOf("\n");
    const section = document.getElementById(event.data.slice(0, end));
    if (!section) return;
    const content = event.data.slice(end + 1);
    if (isUsed(section)) waiting.set(section, content);
    else replace(section, content);
  });
  document.addEventListener("focusout", () => setTimeout(() => {
    waiting.forEach((content, section) => {
      if (!isUsed(section)) {
        waiting.delete(section);
        replace(section, content);
      }
    });
  }));
  source.addEventListener("end", () => source.close());
  source.addEventListener("error", () => {
    // The program has ended: what it sent last stays.
    source.close();
    about.textContent += " (no longer connected)";
  });
})();
