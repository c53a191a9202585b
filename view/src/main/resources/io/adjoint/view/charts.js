"use strict";
// Read-out and enlargement of charts. All numbers are those of the tables; a chart without this script is complete, but fixed.
(function () {
  const SVG = "http://www.w3.org/2000/svg";
  const LEFT = 52, TOP = 8, FINE = 10, X_MARKS = 6, Y_MARKS = 5, LARGEST = 1e300;

  function number(text) {
    return text === "" ? NaN : Number(text.replace("inf", "Infinity"));
  }

  function read(figure) {
    const table = document.getElementById(figure.dataset.table).querySelector("table");
    const columns = [0].concat(figure.dataset.columns.split(" ").map(Number));
    const cells = row => columns.map(column => row.cells[column].textContent);
    const names = cells(table.tHead.rows[0]);
    const rows = Array.from(table.tBodies[0].rows, cells).filter(row => row.some((text, k) => k > 0 && text !== ""));
    return { names, rows, places: rows.map(row => number(row[0])) };
  }

  // Marks at multiples of 1, 2 or 5 times a power of ten.
  function step(atLeast) {
    const power = Math.pow(10, Math.floor(Math.log10(atLeast)));
    return power * ([1, 2, 5].find(m => atLeast / power <= m) || 10);
  }

  function label(value, by) {
    if (Math.abs(value) >= 1e6 || by < 1e-4) return String(Number(value.toPrecision(3)));
    return value.toFixed(Math.max(0, -Math.floor(Math.log10(by) + 1e-9)));
  }

  function element(parent, name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  function button(parent, text, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    parent.appendChild(made);
  }

  function start(figure) {
    if (figure.querySelector(".tools")) return;
    const data = read(figure);
    if (data.rows.length < 2) return;
    const drawing = figure.querySelector(":scope > svg");
    const plot = drawing.querySelector(".plot");
    const marks = drawing.querySelector(".marks");
    const lines = Array.from(plot.querySelectorAll(".line"));
    const title = figure.querySelector("strong").textContent;
    const width = Number(plot.getAttribute("width")), height = Number(plot.getAttribute("height"));
    const first = data.places[0], last = data.places[data.places.length - 1];
    const whole = { marks: marks.innerHTML, paths: lines.map(line => line.getAttribute("d")) };
    const axis = drawing.querySelector(".marks text:last-child");
    let from = first, to = last, at = data.rows.length - 1;

    const cursor = element(plot, "path", { class: "cursor", "vector-effect": "non-scaling-stroke", d: "M0,0", visibility: "hidden" });
    const tools = document.createElement("div");
    tools.className = "tools screen";
    const readout = document.createElement("p");
    readout.className = "readout";
    readout.setAttribute("aria-live", "polite");
    button(tools, "◀", "Read the point before, of " + title, () => move(-1));
    button(tools, "▶", "Read the next point of " + title, () => move(1));
    button(tools, "+", "Enlarge " + title, () => zoom(0.5));
    button(tools, "−", "Show more of " + title, () => zoom(2));
    button(tools, "All", "Show all of " + title, () => show(first, last));
    tools.appendChild(readout);
    drawing.after(tools);
    drawing.setAttribute("tabindex", "0");

    function show(begin, end) {
      from = Math.max(first, begin);
      to = Math.min(last, end);
      if (from === first && to === last) {
        marks.innerHTML = whole.marks;
        lines.forEach((line, k) => line.setAttribute("d", whole.paths[k]));
      } else {
        draw();
      }
      if (!cursor.hasAttribute("visibility")) point();
    }

    function draw() {
      const seen = data.rows.filter((row, k) => data.places[k] >= from && data.places[k] <= to);
      const values = seen.flatMap(row => row.slice(1).map(number)).filter(value => Math.abs(value) < LARGEST);
      let least = Math.min(...values), most = Math.max(...values);
      if (!values.length) { least = 0; most = 1; }
      const size = Math.max(Math.abs(least), Math.abs(most)) || 1;
      if (most - least <= 1e-6 * size) { least -= size / 2; most += size / 2; }
      const by = step((most - least) / Y_MARKS);
      least = Math.floor(least / by + 1e-9) * by;
      most = Math.ceil(most / by - 1e-9) * by;
      marks.replaceChildren();
      for (let k = Math.round(least / by); k <= Math.round(most / by); k++) {
        const y = TOP + height * (most - k * by) / (most - least);
        element(marks, "path", { d: `M${LEFT},${y}h${width}` });
        element(marks, "text", { x: LEFT - 5, y: y + 4, "text-anchor": "end" }, label(k * by, by));
      }
      const xBy = Math.max(1, step((to - from) / X_MARKS));
      for (let k = Math.ceil(from / xBy - 1e-9); k <= Math.floor(to / xBy + 1e-9); k++) {
        const x = LEFT + width * (k * xBy - from) / (to - from);
        element(marks, "path", { d: `M${x},${TOP + height}v4` });
        element(marks, "text", { x: x, y: TOP + height + 16, "text-anchor": "middle" }, label(k * xBy, xBy));
      }
      marks.appendChild(axis);
      lines.forEach((line, column) => {
        let path = "", isDrawing = false;
        data.rows.forEach((row, k) => {
          if (row[column + 1] === "" || row[column + 1] === undefined) return;
          const value = number(row[column + 1]);
          if (data.places[k] < from || data.places[k] > to || !(Math.abs(value) < LARGEST)) { isDrawing = false; return; }
          const x = Math.round(FINE * width * (data.places[k] - from) / (to - from));
          const y = Math.round(FINE * height * (most - value) / (most - least));
          path += (isDrawing ? "L" : "M") + x + "," + y + (isDrawing ? "" : "l0,0");
          isDrawing = true;
        });
        line.setAttribute("d", path || "M0,0");
      });
    }

    function point() {
      const x = Math.round(FINE * width * (data.places[at] - from) / (to - from));
      cursor.removeAttribute("visibility");
      cursor.setAttribute("d", `M${x},0V${FINE * height}`);
      tell();
    }

    function tell() {
      const values = data.names.slice(1).map((name, k) => [name, data.rows[at][k + 1]]).filter(pair => pair[1]);
      readout.replaceChildren(data.names[0] + " " + data.rows[at][0] + ": ", ...values.flatMap((pair, k) => {
        const shown = document.createElement("span");
        shown.textContent = pair.join(" ") + (k < values.length - 1 ? "," : "");
        return [shown, " "];
      }));
    }

    function move(by) {
      at = Math.min(data.rows.length - 1, Math.max(0, at + by));
      if (data.places[at] < from || data.places[at] > to) {
        const half = (to - from) / 2;
        show(data.places[at] - half, data.places[at] + half);
      }
      point();
    }

    function zoom(factor) {
      const middle = cursor.hasAttribute("visibility") ? (from + to) / 2 : data.places[at];
      const half = Math.max((to - from) * factor, (last - first) / data.rows.length) / 2;
      show(Math.max(first, middle - half), Math.min(last, middle + half));
    }

    function place(event) {
      const box = plot.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      return from + share * (to - from);
    }

    function nearest(to) {
      return data.places.reduce((best, place, k) => Math.abs(place - to) < Math.abs(data.places[best] - to) ? k : best, 0);
    }

    tell();
    let begin = null;
    drawing.addEventListener("pointermove", event => { at = nearest(place(event)); point(); });
    drawing.addEventListener("pointerdown", event => { begin = place(event); });
    drawing.addEventListener("pointerup", event => {
      const end = place(event);
      if (begin !== null && Math.abs(end - begin) > (to - from) / 50) show(Math.min(begin, end), Math.max(begin, end));
      begin = null;
    });
    drawing.addEventListener("dblclick", () => show(first, last));
    drawing.addEventListener("keydown", event => {
      const act = {
        ArrowLeft: () => move(-1), ArrowRight: () => move(1), Home: () => move(-data.rows.length), End: () => move(data.rows.length),
        "+": () => zoom(0.5), "-": () => zoom(2), Escape: () => show(first, last)
      }[event.key];
      if (act) { act(); event.preventDefault(); }
    });
  }

  function startAll(within) { within.querySelectorAll("figure.chart").forEach(start); }
  window.adjointCharts = startAll;
  startAll(document);
})();
