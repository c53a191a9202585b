"use strict";
// Keeps the page up to date with the training. A section that is in use, by focus or as a chart is enlarged, waits until it is left.
(function () {
  const main = document.querySelector("main");
  const about = document.querySelector("header p");
  const waiting = new Map();
  // The server sends something every ten seconds at least.
  const SILENCE = 25000;
  let heard = Date.now();
  const state = document.createElement("p");
  state.setAttribute("role", "status");
  about.after(state);
  let order = Array.from(main.children, section => section.id);
  const source = new EventSource("events");

  function say(text) {
    if (state.textContent !== text) state.textContent = text;
    state.className = text ? "wrong" : "";
  }

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

  function added(id) {
    const section = document.createElement("section");
    section.id = id;
    section.setAttribute("aria-labelledby", id + "-title");
    const next = order.slice(order.indexOf(id) + 1).map(later => document.getElementById(later)).find(later => later);
    main.insertBefore(section, next || null);
    return section;
  }

  function link() {
    document.querySelector("nav ul").replaceChildren(...Array.from(main.children, section => {
      const link = document.createElement("a");
      link.href = "#" + section.id;
      link.textContent = section.querySelector("h2").textContent;
      const item = document.createElement("li");
      item.appendChild(link);
      return item;
    }));
  }

  // The server sends the names of all sections in their order, then those sections that changed or are new.
  source.addEventListener("sections", event => {
    heard = Date.now();
    say("");
    order = event.data.split(" ");
    Array.from(main.children).filter(section => !order.includes(section.id)).forEach(section => section.remove());
  });
  source.addEventListener("part", event => {
    const end = event.data.indexOf("\n");
    const id = event.data.slice(0, end);
    const known = document.getElementById(id);
    const section = known || added(id);
    const content = event.data.slice(end + 1);
    if (isUsed(section)) waiting.set(section, content);
    else replace(section, content);
    if (!known) link();
  });
  document.addEventListener("focusout", () => setTimeout(() => {
    waiting.forEach((content, section) => {
      if (!isUsed(section)) {
        waiting.delete(section);
        replace(section, content);
      }
    });
  }));
  const silence = setInterval(() => {
    if (Date.now() - heard > SILENCE) say("✗ No news of the training: its program is suspended, or the machine is too busy.");
  }, 1000);

  function leave() {
    clearInterval(silence);
    source.close();
  }

  source.addEventListener("end", leave);
  source.addEventListener("error", () => {
    leave();
    say("✗ The training no longer answers: its program has ended or was killed. Below is what it sent last.");
  });
})();
