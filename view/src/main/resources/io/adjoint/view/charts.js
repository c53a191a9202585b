"use strict";
// Read-out and enlargement of charts. All numbers are those of the tables; a chart without this script is complete, but fixed.
(function () {
  const SVG = "http://www.w3.org/2000/svg";
  const LEFT = 52, RIGHT = 8, TOP = 8, FINE = 10, X_MARKS = 6, Y_MARKS = 5, MARK = 45, DIGIT = 6.8, LONGEST = 6, PLAIN = 4;

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

  // Marks at multiples of 1, 2 or 5 times a power of ten. Smaller differences are those of denormal numbers.
  function step(difference) {
    const atLeast = Math.max(1e-320, difference);
    const power = Number("1e" + Math.floor(Math.log10(atLeast)));
    return power * ([1, 2, 5].find(m => atLeast / power <= m) || 10);
  }

  function least(values, otherwise) {
    return values.reduce((a, b) => Math.min(a, b), otherwise);
  }

  // The axis on which finite values lie, from the mark first·by to the mark last·by; those of the logarithms on a log axis.
  function axisOf(values, isLog) {
    const drawn = isLog ? values.filter(value => value > 0).map(Math.log10) : values;
    let from = drawn.length ? least(drawn, Infinity) : 0;
    let to = drawn.length ? -least(drawn.map(value => -value), Infinity) : 1;
    const size = Math.max(Math.abs(from), Math.abs(to));
    if (size === 0) {
      to = 1;
    } else if (to / size - from / size <= 1e-6) {
      from = Math.max(-Number.MAX_VALUE, from - size / 2);
      to = Math.min(Number.MAX_VALUE, to + size / 2);
    }
    const by = step(Math.max(isLog ? 1 : 0, to / Y_MARKS - from / Y_MARKS));
    const first = Math.floor(from / by + 1e-9);
    const last = Math.max(first + 1, Math.ceil(to / by - 1e-9));
    return {
      first, last,
      has: value => Number.isFinite(value) && !(isLog && value <= 0),
      at: value => ((isLog ? Math.log10(value) : value) / by - first) / (last - first),
      text: k => isLog ? (Math.abs(k * by) <= PLAIN ? String(Number("1e" + k * by)) : "1e" + k * by)
        : label(k * by, by, Math.max(Math.abs(first * by), Math.abs(last * by)))
    };
  }

  function label(value, by, size) {
    if (!Number.isFinite(value)) return "";
    if (size >= 1e6 || by < 1e-4) return String(Number(value.toPrecision(3))).replace("+", "");
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
    return made;
  }

  // Marks an element that the page doesn't have without this script.
  function own(element) {
    element.adjointOwn = true;
    return element;
  }

  function start(figure) {
    // A chart that has its tools takes the numbers that its table has now.
    if (figure.adjointLoad) { figure.adjointLoad(); return; }
    if (read(figure).rows.length < 2) return;
    const drawing = figure.querySelector(":scope > svg");
    const plot = drawing.querySelector(".plot");
    const marks = drawing.querySelector(".marks");
    const title = figure.querySelector("strong").textContent;
    const width = Number(plot.getAttribute("width")), height = Number(plot.getAttribute("height"));
    // The reader's choice of an axis; null leaves it to the page.
    let chosen = null;
    let data = null, curves, whole, first, last, from, to, at, isRedrawn;

    const cursor = own(element(plot, "path", { class: "cursor", "vector-effect": "non-scaling-stroke", d: "M0,0", visibility: "hidden" }));
    const tools = own(document.createElement("div"));
    tools.className = "tools screen";
    const readout = document.createElement("p");
    readout.className = "readout";
    button(tools, "◀", "Read the point before, of " + title, () => move(-1));
    button(tools, "▶", "Read the next point of " + title, () => move(1));
    button(tools, "+", "Enlarge " + title, () => zoom(0.5));
    button(tools, "−", "Show more of " + title, () => zoom(2));
    button(tools, "All", "Show all of " + title, () => show(first, last));
    const log = button(tools, "log", "Log axis of " + title, () => { chosen = !isLog(); show(from, to); });
    tools.appendChild(readout);
    drawing.after(tools);
    drawing.setAttribute("tabindex", "0");

    function isLog() { return chosen ?? figure.dataset.log === "true"; }

    function load() {
      const isWhole = !data || (from === first && to === last);
      const place = data && (at < data.rows.length - 1 || !cursor.hasAttribute("visibility")) ? data.places[at] : null;
      data = read(figure);
      if (!data.rows.length) return;
      curves = Array.from(plot.querySelectorAll(":scope > g"), curve => {
        const paths = Array.from(curve.children);
        return { paths, whole: paths.map(path => path.getAttribute("d")) };
      });
      whole = marks.innerHTML;
      isRedrawn = false;
      [first, last] = [data.places[0], data.places[data.places.length - 1]];
      if (isWhole) [from, to] = [first, last];
      at = place === null ? data.rows.length - 1 : nearest(place);
      show(from, to);
      // Nobody has asked for this point, so it is not read out.
      readout.setAttribute("aria-live", "off");
      tell();
    }

    function show(begin, end) {
      from = Math.max(first, begin);
      to = Math.min(last, end);
      log.setAttribute("aria-pressed", isLog());
      if (from !== first || to !== last || String(isLog()) !== figure.dataset.log) {
        draw();
      } else if (isRedrawn) {
        marks.innerHTML = whole;
        curves.forEach(curve => curve.paths.forEach((path, k) => path.setAttribute("d", curve.whole[k])));
        isRedrawn = false;
      }
      if (!cursor.hasAttribute("visibility")) point();
    }

    function x(place) { return Math.round(FINE * width * (to > from ? (place - from) / (to - from) : 0.5)); }

    function within(value, most) { return Math.max(MARK, Math.min(most - MARK, value)); }

    function draw() {
      isRedrawn = true;
      const seen = data.rows.filter((row, k) => data.places[k] >= from && data.places[k] <= to);
      const axis = axisOf(figure.dataset.extent ? figure.dataset.extent.split(" ").map(Number).filter(Number.isFinite)
        : seen.flatMap(row => row.slice(1).map(number)).filter(Number.isFinite), isLog());
      const name = marks.querySelector("text:last-child");
      marks.replaceChildren();
      for (let k = axis.first; k <= axis.last; k += 1) {
        const y = TOP + height * (axis.last - k) / (axis.last - axis.first);
        element(marks, "path", { d: `M${LEFT},${y}h${width}` });
        const text = axis.text(k);
        const narrow = text.length > LONGEST ? { textLength: LEFT - 6, lengthAdjust: "spacingAndGlyphs" } : {};
        element(marks, "text", { x: LEFT - 5, y: y + 4, "text-anchor": "end", ...narrow }, text);
      }
      const room = Math.floor(width / (1.5 * DIGIT * to.toFixed(0).length));
      const xBy = step(Math.max(1, (to - from) / Math.min(X_MARKS, room)));
      for (let k = Math.ceil(from / xBy - 1e-9); k <= Math.floor(to / xBy + 1e-9); k++) {
        const at = LEFT + x(k * xBy) / FINE;
        const text = label(k * xBy, xBy, Math.max(Math.abs(from), Math.abs(to)));
        const sticksOut = at + text.length * DIGIT / 2 > LEFT + width + RIGHT;
        element(marks, "path", { d: `M${at},${TOP + height}v4` });
        element(marks, "text", { x: sticksOut ? LEFT + width + RIGHT : at, y: TOP + height + 16, "text-anchor": sticksOut ? "end" : "middle" }, text);
      }
      marks.appendChild(name);
      const [marked, best] = figure.dataset.best ? figure.dataset.best.split(" ").map(Number) : [-1, 0];
      curves.forEach((curve, column) => drawCurve(curve.paths, column + 1, axis, column === marked ? best : NaN));
    }

    function drawCurve(paths, column, axis, best) {
      const points = data.rows.map((row, k) => [data.places[k], row[column]])
        .filter(([place, text]) => text && place >= from && place <= to).map(([place, text]) => [place, number(text)]);
      let line = "", dots = "", odd = "", ring = "", before = "", isDrawing = false, lastY = FINE * height / 2;
      points.forEach(([place, value], k) => {
        const left = x(place);
        const kind = axis.has(value) ? "" : Number.isNaN(value) ? "x" : value > 0 ? "^" : "v";
        if (!kind) {
          lastY = Math.round(FINE * height * (1 - axis.at(value)));
          line += (isDrawing ? "L" : "M") + left + "," + lastY + (isDrawing ? "" : "l0,0");
          if (!isDrawing && !(k + 1 < points.length && axis.has(points[k + 1][1]))) dots += `M${left},${lastY}l0,0`;
          if (place === best) ring = `M${left - 50},${lastY}a50,50 0 1,0 100,0a50,50 0 1,0 -100,0`;
        } else if (kind !== before) {
          odd += `M${within(left, FINE * width) - MARK},` + (kind === "x" ? `${within(lastY, FINE * height) - MARK}l90,90m0,-90l-90,90`
            : kind === "^" ? "100l45,-80l45,80z" : `${FINE * height - 100}l45,80l45,-80z`);
        }
        isDrawing = !kind;
        before = kind;
      });
      [line, dots, odd, ring].forEach((path, k) => { if (paths[k]) paths[k].setAttribute("d", path || "M0,0"); });
    }

    function point() {
      readout.setAttribute("aria-live", "polite");
      cursor.removeAttribute("visibility");
      cursor.setAttribute("d", `M${x(data.places[at])},0V${FINE * height}`);
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

    figure.adjointLoad = load;
    load();
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
