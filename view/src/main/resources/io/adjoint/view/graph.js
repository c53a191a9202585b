"use strict";
// Draws a graph of the page's data in the element "graph". It lays boxes out and shows or hides what the data has; it computes no number.
const adjointGraph = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const CHAR = 7.3;
  const LINE = 17;
  const MANY = 40;
  // A picture that is too wide for its frame is shrunk to it, but not below this.
  const SMALLEST = 0.75;
  const frame = document.getElementById("graph");
  const fit = document.getElementById("fit");
  const blocks = document.getElementById("blocks");
  // Above this number of boxes dagre takes long, and its recursion more than a browser's stack.
  const MOST_FOR_DAGRE = 1000;
  const BESIDE = 22;
  const BELOW = 34;
  const MARGIN = 12;
  let graph = null;
  let open = new Set();
  let boxes = [];
  let edges = [];
  let at = null;
  let size = {width: 0, height: 0};
  let zoom = 1;
  let afterDraw = () => {};

  const make = (tag, attributes, text) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const folders = path => {
    const parts = path ? path.split(".") : [];
    return parts.map((part, k) => parts.slice(0, k + 1).join("."));
  };

  // The folders that hold more than one box, so that folding them is of use.
  const foldable = () => {
    const counts = new Map();
    for (const node of graph.nodes)
      for (const folder of folders(node.path)) counts.set(folder, (counts.get(folder) || 0) + 1);
    return new Map([...counts].filter(([, count]) => count > 1));
  };

  const show = (which, isFolded) => {
    graph = which;
    const all = [...foldable().keys()];
    open = new Set(isFolded ?? graph.nodes.length > MANY ? [] : all);
    draw();
  };

  const toggle = folder => {
    if (open.has(folder)) for (const other of [...open]) { if (other === folder || other.startsWith(folder + ".")) open.delete(other); }
    else open.add(folder);
    draw();
    const box = boxes.find(each => each.folder === folder);
    const button = [...blocks.children].find(each => each.dataset.folder === folder);
    (box ? box.element : button || frame).focus({preventScroll: true});
  };

  const controls = counts => {
    const reachable = [...counts.keys()].filter(folder => folders(folder).slice(0, -1).every(up => open.has(up) || !counts.has(up)));
    blocks.replaceChildren(...reachable.map(folder => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.folder = folder;
      button.setAttribute("aria-expanded", open.has(folder));
      button.textContent = (open.has(folder) ? "▾ " : "▸ ") + (graph.layers[folder] || folder);
      button.addEventListener("click", () => toggle(folder));
      return button;
    }));
  };

  // Gives each box its middle and each edge its points, and returns the size of the drawing.
  const layered = () => {
    const layout = new dagre.graphlib.Graph();
    layout.setGraph({rankdir: "TB", nodesep: BESIDE, ranksep: BELOW, marginx: MARGIN, marginy: MARGIN});
    layout.setDefaultEdgeLabel(() => ({}));
    for (const box of boxes) layout.setNode(box.id, {width: box.width, height: box.height});
    for (const edge of edges) layout.setEdge(edge.tail.id, edge.head.id);
    dagre.layout(layout);
    for (const box of boxes) ({x: box.x, y: box.y} = layout.node(box.id));
    for (const edge of edges) edge.points = layout.edge(edge.tail.id, edge.head.id).points;
    return layout.graph();
  };

  // The same for many boxes, without an order that avoids crossings: each box is below all boxes from which it is computed.
  const layers = () => {
    const rows = [];
    const ranks = boxes.map(() => 0);
    const down = edges.filter(({tail, head}) => Number(tail.id) < Number(head.id)).sort((a, b) => a.head.id - b.head.id);
    for (const {tail, head} of down) ranks[head.id] = Math.max(ranks[head.id], ranks[tail.id] + 1);
    boxes.forEach((box, k) => (rows[ranks[k]] ??= []).push(box));
    const widths = rows.map(row => row.reduce((sum, box) => sum + box.width + BESIDE, -BESIDE));
    const width = 2 * MARGIN + widths.reduce((a, b) => Math.max(a, b), 0);
    let y = MARGIN;
    rows.forEach((row, k) => {
      const height = row.reduce((most, box) => Math.max(most, box.height), 0);
      let x = (width - widths[k]) / 2;
      for (const box of row) {
        [box.x, box.y] = [x + box.width / 2, y + height / 2];
        x += box.width + BESIDE;
      }
      y += height + BELOW;
    });
    for (const edge of edges) {
      const turn = edge.tail.y < edge.head.y ? 1 : -1;
      edge.points = [{x: edge.tail.x, y: edge.tail.y + turn * edge.tail.height / 2}, {x: edge.head.x, y: edge.head.y - turn * edge.head.height / 2}];
    }
    return {width, height: y - BELOW + MARGIN};
  };

  const draw = () => {
    const counts = foldable();
    controls(counts);
    boxes = [];
    const boxOf = graph.nodes.map((node, k) => {
      const folder = folders(node.path).find(each => counts.has(each) && !open.has(each));
      let box = folder === undefined ? undefined : boxes.find(each => each.folder === folder);
      if (!box) {
        box = {id: String(boxes.length), folder, nodes: []};
        boxes.push(box);
      }
      box.nodes.push(k);
      return box;
    });
    for (const box of boxes) {
      const node = graph.nodes[box.nodes[0]];
      box.lines = box.folder === undefined
        ? [{text: node.title, kind: "name"}]
            .concat(node.type === "[]" ? [] : [{text: node.type, kind: "type"}])
            .concat(node.value.map((text, k) => ({text, kind: "value", before: k ? "" : "?"})))
            .concat(node.grad.map((text, k) => ({text: (k ? "  " : "∂ ") + text, kind: "grad", before: k ? "" : "∂ ?"})))
        : [{text: "▸ " + box.folder, kind: "name"}, {text: box.nodes.length + " tensors", kind: "type"}];
      box.width = Math.max(64, ...box.lines.map(line => line.text.length * CHAR + 20));
      box.height = box.lines.length * LINE + 14;
    }
    edges = [];
    graph.nodes.forEach((node, k) => node.inputs.forEach(input => {
      const [tail, head] = [boxOf[input], boxOf[k]];
      if (tail === head) return;
      let edge = edges.find(each => each.tail === tail && each.head === head);
      if (!edge) {
        edge = {tail, head, pairs: []};
        edges.push(edge);
      }
      edge.pairs.push(input + ">" + k);
    }));
    size = boxes.length > MOST_FOR_DAGRE ? layers() : layered();
    const svg = make("svg", {viewBox: `0 0 ${size.width} ${size.height}`, role: "group",
      "aria-labelledby": "graph-title graph-desc"});
    svg.append(
      make("title", {id: "graph-title"}, "Graph of the computation"),
      make("desc", {id: "graph-desc"}, `${boxes.length} boxes, from what is given at the top to the result at the bottom. `
        + "Values go down along the arrows, gradients up."));
    const markers = make("defs", {});
    for (const name of ["arrow", "arrow-on"]) {
      const marker = make("marker", {id: name, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto-start-reverse",
        markerUnits: "userSpaceOnUse"});
      marker.append(make("path", {d: "M0,0L8,4L0,8Z", class: name}));
      markers.append(marker);
    }
    svg.append(markers);
    for (const edge of edges) {
      edge.element = make("path", {d: "M" + edge.points.map(p => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join("L"), class: "edge", "marker-end": "url(#arrow)"});
      svg.append(edge.element);
    }
    for (const box of boxes) {
      const {x, y} = box;
      const node = graph.nodes[box.nodes[0]];
      const isFolder = box.folder !== undefined;
      box.element = make("g", {class: "box " + (isFolder ? "folder" : node.kind), transform: `translate(${x - box.width / 2},${y - box.height / 2})`});
      box.element.append(make("rect", {width: box.width, height: box.height, rx: isFolder || node.kind === "computed" || node.kind === "root" ? 10 : 0}));
      if (!isFolder && node.kind === "leaf") box.element.append(make("rect", {x: 3, y: 3, width: box.width - 6, height: box.height - 6, class: "inner"}));
      box.lines.forEach((line, k) => {
        const place = {x: 10, y: 19 + k * LINE};
        box.element.append(make("text", {...place, class: line.kind}, line.text));
        if (line.before) box.element.append(make("text", {...place, class: "later untold", "data-of": line.kind}, line.before));
      });
      if (isFolder) {
        box.element.setAttribute("tabindex", "0");
        box.element.setAttribute("role", "button");
        box.element.setAttribute("aria-expanded", "false");
        box.element.setAttribute("aria-label", `Open ${box.folder}, ${box.nodes.length} tensors`);
        box.element.addEventListener("click", () => toggle(box.folder));
        box.element.addEventListener("keydown", event => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            toggle(box.folder);
          }
        });
      }
      svg.append(box.element);
    }
    frame.replaceChildren(svg);
    scale();
    afterDraw();
    if (at) mark(at);
  };

  const scale = () => {
    const isWhole = fit.getAttribute("aria-pressed") === "true";
    const share = frame.clientWidth / size.width;
    zoom = isWhole || share >= 1 || share < SMALLEST ? 1 : share;
    frame.classList.toggle("whole", isWhole);
    frame.firstChild.setAttribute("width", zoom * size.width);
    frame.firstChild.setAttribute("height", zoom * size.height);
  };

  fit.addEventListener("click", () => {
    fit.setAttribute("aria-pressed", fit.getAttribute("aria-pressed") !== "true");
    scale();
  });
  addEventListener("resize", () => { if (graph) scale(); });

  // Shows what is told up to a step, and marks the tensor that the step is about.
  const mark = state => {
    at = state;
    for (const box of boxes) {
      const on = box.nodes.includes(state.node);
      const source = box.nodes.includes(state.from);
      box.element.classList.toggle("on", on);
      box.element.classList.toggle("source", source && !on);
      if (box.folder === undefined) {
        const node = graph.nodes[box.nodes[0]];
        const isUntold = {value: node.told > state.told, grad: node.done > state.told};
        for (const kind of ["value", "grad"]) {
          for (const text of box.element.querySelectorAll("." + kind)) text.classList.toggle("untold", isUntold[kind]);
          for (const text of box.element.querySelectorAll(`[data-of=${kind}]`)) text.classList.toggle("untold", !isUntold[kind]);
        }
      }
    }
    for (const edge of edges) {
      const back = edge.pairs.includes(state.node + ">" + state.from);
      const forward = state.from < 0 && state.phase === "Forward" && edge.pairs.some(pair => pair.endsWith(">" + state.node));
      edge.element.setAttribute("class", "edge" + (back ? " back" : forward ? " forward" : ""));
      edge.element.setAttribute("marker-end", back ? "" : forward ? "url(#arrow-on)" : "url(#arrow)");
      edge.element.setAttribute("marker-start", back ? "url(#arrow-on)" : "");
    }
    const box = boxes.find(each => each.nodes.includes(state.node));
    if (!frame.classList.contains("whole")) {
      const middle = (frame.scrollWidth - frame.clientWidth) / 2;
      frame.scrollLeft = box ? zoom * box.x - frame.clientWidth / 2 : middle;
      frame.scrollTop = box ? zoom * box.y - frame.clientHeight / 2 : 0;
    }
  };

  return {show, mark, onDraw: action => { afterDraw = action; }};
})();
