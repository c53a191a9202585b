"use strict";
// Walks through the list of steps that the page has. All numbers are in the list and the data; nothing is computed here.
(() => {
  const graphs = JSON.parse(document.getElementById("graphs").textContent);
  const by = id => document.getElementById(id);
  const INTERVAL = 1800;
  const NEAR = 0.005;
  let pass = 0;
  let at = 0;
  let timer = 0;
  // What was asked and is answered or shown.
  const solved = new Set();

  const steps = () => graphs[pass].steps;
  const key = () => pass + "-" + at;
  const item = () => by("s" + key());
  const isAsked = () => by("quiz").checked && steps()[at].ask !== undefined && !solved.has(key());

  const paint = () => {
    const step = steps()[at];
    const asked = isAsked();
    const title = item().querySelector(".title b").textContent;
    const result = [...item().querySelectorAll(".tells dd")].pop();
    by("where").textContent = `Step ${at + 1} of ${steps().length}, ${step.phase.toLowerCase()}: ${title}`
      + (asked ? ". " + step.ask : result ? ". Result: " + result.textContent : "");
    const card = by("card");
    const copy = [...item().cloneNode(true).children];
    card.className = step.phase.toLowerCase() + (asked ? " asked" : "");
    card.replaceChildren(...copy);
    for (const table of card.querySelectorAll("[role=region]")) table.setAttribute("aria-label", "Numbers of this step");
    if (asked) {
      for (const told of card.querySelectorAll(".tells")) told.remove();
      card.append(question(step));
    }
    for (const old of document.querySelectorAll("li[aria-current]")) old.removeAttribute("aria-current");
    item().setAttribute("aria-current", "step");
    document.body.classList.toggle("quizzing", by("quiz").checked);
    by("back").disabled = at === 0;
    by("reset").disabled = at === 0;
    by("step").disabled = at === steps().length - 1;
    adjointGraph.mark({node: step.node, from: step.from, phase: step.phase, told: asked ? at - 1 : at});
  };

  const question = step => {
    const form = document.createElement("form");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const check = document.createElement("button");
    const tell = document.createElement("button");
    const said = document.createElement("p");
    label.textContent = step.ask + " ";
    input.type = "text";
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.id = "answer";
    label.append(input);
    check.textContent = "Check";
    tell.type = "button";
    tell.textContent = "Show it";
    said.setAttribute("role", "status");
    form.append(label, check, tell, said);
    const solve = () => {
      solved.add(key());
      paint();
      by("step").focus();
    };
    form.addEventListener("submit", event => {
      event.preventDefault();
      const given = Number(input.value.trim().replace(",", ".").replace("−", "-"));
      const right = input.value.trim() !== "" && Math.abs(given - step.answer) <= NEAR * Math.max(Math.abs(step.answer), 1e-9);
      if (right) {
        solve();
        by("where").textContent = "✓ Right. " + by("where").textContent;
      } else {
        said.textContent = "✗ Not that; try again to three digits, or let it be shown.";
      }
    });
    tell.addEventListener("click", solve);
    return form;
  };

  const go = to => {
    at = Math.max(0, Math.min(steps().length - 1, to));
    paint();
    if (at === steps().length - 1) pause();
  };

  const pause = () => {
    clearInterval(timer);
    timer = 0;
    by("play").setAttribute("aria-pressed", "false");
    by("play").textContent = "Play";
  };

  const play = () => {
    if (timer) {
      pause();
      return;
    }
    if (at === steps().length - 1) go(0);
    by("play").setAttribute("aria-pressed", "true");
    by("play").textContent = "Pause";
    timer = setInterval(() => isAsked() ? pause() : go(at + 1), INTERVAL);
  };

  by("step").addEventListener("click", () => go(at + 1));
  by("back").addEventListener("click", () => go(at - 1));
  by("reset").addEventListener("click", () => {
    pause();
    solved.clear();
    go(0);
  });
  by("play").addEventListener("click", play);
  by("quiz").addEventListener("change", () => {
    solved.clear();
    paint();
  });
  if (by("pass")) {
    by("pass").addEventListener("change", event => {
      pause();
      pass = Number(event.target.value);
      by("loss").textContent = graphs[pass].nodes[graphs[pass].root].value[0];
      by("number").textContent = event.target.selectedOptions[0].dataset.number;
      adjointGraph.show(graphs[pass]);
      go(Math.min(at, steps().length - 1));
    });
  }
  document.addEventListener("keydown", event => {
    const isTyped = event.target.matches("input[type=text], select, .graph, .wide") || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey;
    const move = {ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(0), End: () => go(steps().length - 1)}[event.key];
    if (move && !isTyped) {
      event.preventDefault();
      move();
    }
  });

  by("walker").hidden = false;
  adjointGraph.show(graphs[0]);
  paint();
})();
