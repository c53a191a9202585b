"use strict";
// Search, buttons that copy code, colours of code, diagrams. Without scripts the pages have all their text and links.
(() => {
  const root = document.querySelector("script[src$='site.js']").src.replace(/site\.js$/, "");

  const narrow = matchMedia("(max-width: 55rem)");
  const pages = document.querySelector(".pages details");
  const fold = () => { pages.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();
  const list = document.querySelector(".pages");
  const here = list.querySelector("[aria-current]");
  if (here) list.scrollTop = here.offsetTop - list.clientHeight / 2;

  // What Java, Kotlin and Groovy have in common.
  const token = new RegExp([
    /(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)/,
    /(?<string>"""[^]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])')/,
    /(?<note>@\w+)/,
    new RegExp("(?<keyword>\\b(?:abstract|assert|boolean|break|byte|case|catch|char|class|continue|default|do|double|else|enum|extends|false"
      + "|final|finally|float|for|fun|if|implements|import|instanceof|int|interface|long|new|null|package|private|protected|public"
      + "|record|return|short|static|super|switch|this|throw|throws|true|try|val|var|void|while)\\b)")
  ].map(part => part.source).join("|"), "g");
  for (const code of document.querySelectorAll(".language-java, .language-jsh, .language-kotlin, .language-kts, .language-groovy")) {
    const text = code.textContent;
    const parts = [];
    let end = 0;
    for (const found of text.matchAll(token)) {
      const span = document.createElement("span");
      span.className = Object.keys(found.groups).find(kind => found.groups[kind]);
      span.textContent = found[0];
      parts.push(text.slice(end, found.index), span);
      end = found.index + found[0].length;
    }
    code.replaceChildren(...parts, text.slice(end));
  }

  for (const code of document.querySelectorAll(".language-mermaid")) {
    const box = document.createElement("div");
    box.className = "mermaid";
    box.textContent = code.textContent;
    code.parentElement.replaceWith(box);
  }
  if (globalThis.mermaid) {
    mermaid.initialize({
      startOnLoad: false,
      theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "neutral",
      fontFamily: getComputedStyle(document.body).fontFamily
    });
    mermaid.run();
  }

  for (const block of document.querySelectorAll("pre")) {
    if (!navigator.clipboard) break;
    const frame = document.createElement("div");
    frame.className = "code";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", () => navigator.clipboard.writeText(block.textContent)
      .then(() => { button.textContent = "Copied"; }, () => { button.textContent = "Not allowed"; }));
    block.replaceWith(frame);
    frame.append(block, button);
  }
  // The keyboard scrolls a box that is wider than the page.
  const reach = () => {
    for (const box of document.querySelectorAll("pre, .wide")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  reach();

  const form = document.getElementById("search");
  const field = document.getElementById("words");
  const found = document.getElementById("found");
  const MOST = 15;
  let index = null;

  const load = () => {
    if (index) return;
    index = [];
    const script = document.createElement("script");
    script.src = root + "words.js";
    script.addEventListener("load", () => {
      index = adjointWords.map(([address, page, title, text]) =>
        ({address, page, title, text, all: `${page} ${title} ${text}`.toLowerCase(), head: ` ${page} ${title}`.toLowerCase(), own: ` ${title}`.toLowerCase()}));
      search();
    });
    script.addEventListener("error", () => { index = null; });
    document.head.append(script);
  };

  // A section has all words; words in headings and at the beginning of words count more.
  const score = (section, words) => words.reduce((sum, word) => sum
    + (section.own.includes(" " + word) ? 20 : section.own.includes(word) ? 10 : 0)
    + (section.head.includes(word) ? 5 : 0)
    + Math.min(4, section.all.split(word).length - 1), section.own.trim() === words.join(" ") ? 50 : 0);

  const excerpt = (text, words) => {
    const small = document.createElement("small");
    const at = Math.max(0, Math.min(...words.map(word => text.toLowerCase().indexOf(word)).filter(k => k >= 0).concat(text.length)));
    const start = at === text.length ? 0 : Math.max(0, at - 30);
    const piece = (start ? "…" : "") + text.slice(start, start + 120);
    const wanted = new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "gi");
    let end = 0;
    for (const match of piece.matchAll(wanted)) {
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      small.append(piece.slice(end, match.index), mark);
      end = match.index + match[0].length;
    }
    small.append(piece.slice(end));
    return small;
  };

  const search = () => {
    if (!index?.length) return;
    const words = field.value.toLowerCase().split(/\s+/).filter(word => word);
    const hits = words.length === 0 ? [] : index
      .filter(section => words.every(word => section.all.includes(word)))
      .map(section => [score(section, words), section])
      .sort((a, b) => b[0] - a[0]);
    found.hidden = words.length === 0;
    found.querySelector("output").textContent = hits.length === 0 ? "Nothing found" : hits.length === 1 ? "1 section" : `${hits.length} sections`;
    found.querySelector("ol").replaceChildren(...hits.slice(0, MOST).map(([, section]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = root + section.address;
      const title = document.createElement("strong");
      title.textContent = section.title;
      link.append(title, section.page === section.title ? "" : " · " + section.page, excerpt(section.text, words));
      item.append(link);
      return item;
    }));
  };

  form.hidden = false;
  field.addEventListener("focus", load);
  field.addEventListener("input", search);
  form.addEventListener("submit", event => {
    event.preventDefault();
    const first = found.querySelector("a");
    if (first) location.href = first.href;
  });
  form.addEventListener("keydown", event => {
    const links = [field, ...found.querySelectorAll("a")];
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && !found.hidden) {
      event.preventDefault();
      links[Math.max(0, Math.min(links.length - 1, links.indexOf(document.activeElement) + step))].focus();
    } else if (event.key === "Escape") {
      found.hidden = true;
      field.focus();
    }
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !document.activeElement.matches("input, textarea, select")) {
      event.preventDefault();
      field.focus();
    }
  });
  document.addEventListener("click", event => { if (!form.contains(event.target)) found.hidden = true; });
})();
