"use strict";
// Keeps the page up to date with the training. Only what differs is changed, so focus, open tables and enlarged charts stay as they are.
(function () {
  const main = document.querySelector("main");
  const about = document.querySelector("header p");
  // Attributes that the reader or a script has set.
  const OWN = ["open", "tabindex"];
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

  function update(old, fresh) {
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of Array.from(old.attributes)) if (!fresh.hasAttribute(name) && !OWN.includes(name)) old.removeAttribute(name);
    fill(old, fresh);
  }

  // Makes the content of one element that of another; elements that scripts have added at its end stay.
  function fill(old, fresh) {
    const here = Array.from(old.childNodes).filter(node => !node.adjointOwn);
    const there = Array.from(fresh.childNodes);
    const end = Array.from(old.childNodes).find(node => node.adjointOwn) || null;
    there.forEach((node, k) => {
      const known = here[k];
      if (!known) old.insertBefore(node, end);
      else if (known.nodeName !== node.nodeName || known.id !== node.id) known.replaceWith(node);
      else if (node.nodeType === Node.ELEMENT_NODE) update(known, node);
      else if (known.data !== node.data) known.data = node.data;
    });
    here.slice(there.length).forEach(node => node.remove());
  }

  function replace(section, content) {
    const fresh = document.createElement("template");
    fresh.innerHTML = content;
    fill(section, fresh.content);
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
    replace(section, event.data.slice(end + 1));
    if (!known) link();
  });
  const silence = setInterval(() => {
    if (Date.now() - heard > SILENCE) say("✗ No news of the training: its program is suspended, or the machine is too busy.");
  }, 1000);

  function leave() {
    clearInterval(silence);
    source.close();
  }

  source.addEventListener("end", leave);
  source.addEventListener("full", event => {
    leave();
    say("✗ " + event.data);
  });
  source.addEventListener("error", () => {
    leave();
    about.textContent = about.textContent.replace(/^Running(.*?)(, about .* left)?$/, "No longer running$1");
    say("✗ The training no longer answers: its program has ended or was killed. Below is what it sent last.");
  });
})();
