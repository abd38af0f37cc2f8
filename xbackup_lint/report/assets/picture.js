// The picture: laid out by dagre, drawn as SVG. Text from files only ever becomes text nodes and attributes.
const SVG = "http://www.w3.org/2000/svg";
const MARKS = { lands: "✓", fails: "✕", unsure: "?" };
const FONT = "13px system-ui, sans-serif";
const RANKS = { fails: 0, unsure: 1, lands: 2 };
const LONGEST = 34, GAP = 14;
const pen = document.createElement("canvas").getContext("2d");

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function short(text) {
  const letters = Array.from(text);
  return letters.length > LONGEST ? letters.slice(0, LONGEST - 13).join("") + "…" + letters.slice(-12).join("") : text;
}

function endOf(path) {
  const letters = Array.from(path);
  return letters.length > LONGEST ? "…" + letters.slice(1 - LONGEST).join("") : path;
}

function widthOf(text, bold) {
  pen.font = (bold ? "600 " : "") + FONT;
  return Math.ceil(pen.measureText(text).width);
}

function counted(name, others, noun) {
  return others.length ? `${name} and ${others.length} more ${noun}` : name;
}

function accountTitle(account) {
  const name = counted(short(account.name), account.alike, "accounts");
  return account.note ? `${name} (${endOf(account.note)})` : name;
}

function regionTitle(region) {
  return counted(short(region.name), region.alike, "regions");
}

function nodeLabel(node) {
  return counted(short(node.label), node.alike, "").trim();
}

function arrowLabel(arrow) {
  const what = arrow.decides ? `${arrow.verdict}: ${arrow.decides.name}` : arrow.verdict;
  return `${MARKS[arrow.verdict]} ${what}${arrow.shown > 1 ? ` ×${arrow.shown}` : ""}`;
}

// Accounts between which arrows go; of those that have nothing to do with each other, the worst first.
function groupsOf(picture, nodes, arrows) {
  const leader = new Map(), accountOf = new Map();
  const find = (account) => (leader.get(account) === account ? account : find(leader.get(account)));
  picture.accounts.forEach((account, a) => {
    leader.set(a, a);
    for (const region of account.regions) for (const node of region.nodes) if (nodes.has(node.id)) accountOf.set(node.id, a);
  });
  for (const arrow of arrows) leader.set(find(accountOf.get(arrow.end)), find(accountOf.get(arrow.start)));
  const groups = new Map();
  for (const a of new Set(accountOf.values())) {
    const first = find(a);
    if (!groups.has(first)) groups.set(first, { accounts: [], arrows: [], worst: 3 });
    groups.get(first).accounts.push(a);
  }
  for (const arrow of arrows) {
    const group = groups.get(find(accountOf.get(arrow.start)));
    group.arrows.push(arrow);
    group.worst = Math.min(group.worst, RANKS[arrow.verdict] ?? 3);
  }
  return [...groups.values()].sort((one, other) => one.worst - other.worst || one.accounts[0] - other.accounts[0]);
}

// The graph of a group: nodes in regions in accounts, and the arrows between those nodes that are shown.
function graphOf(picture, nodes, group) {
  const graph = new dagre.graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 20, edgesep: 26, ranksep: 46, marginx: GAP, marginy: GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const a of group.accounts) {
    const account = picture.accounts[a];
    account.regions.forEach((region, r) => {
      const inside = region.nodes.filter((node) => nodes.has(node.id));
      if (!inside.length) return;
      graph.setNode(`a${a}`, { account, title: accountTitle(account) });
      graph.setNode(`a${a}r${r}`, { region, title: regionTitle(region) });
      graph.setParent(`a${a}r${r}`, `a${a}`);
      for (const node of inside) {
        const width = Math.max(widthOf(nodeLabel(node)), widthOf(node.kind)) + 30;
        graph.setNode(node.id, { node, width, height: 40 });
        graph.setParent(node.id, `a${a}r${r}`);
      }
    });
  }
  for (const arrow of group.arrows) {
    const label = arrow.kind === "copy" ? arrowLabel(arrow) : "";
    const size = label ? { width: widthOf(label) + 14, height: 22, labelpos: "c" } : {};
    graph.setEdge(arrow.start, arrow.end, { arrow, label, ...size }, String(arrow.number));
  }
  dagre.layout(graph);
  return graph;
}

// A box is as wide as its title at least.
function boxOf(place, title) {
  const width = Math.max(place.width, widthOf(title, true) + 24);
  return { x: place.x - place.width / 2, y: place.y - place.height / 2, width, height: place.height };
}

function drawBox(place, kind) {
  const box = boxOf(place, place.title);
  const group = svg("g", { class: `box ${kind}-box` });
  group.append(svg("rect", { class: kind, rx: 6, ...box }));
  group.append(svg("text", { class: "title", x: box.x + 10, y: box.y + 17 }, place.title));
  return group;
}

const SHAPES = {
  plan: (w, h) => `M${-w} ${-h}H${w - 10}L${w} ${-h + 10}V${h}H${-w}Z`,
  key: (w, h) => `M${-w + 10} ${-h}H${w - 10}L${w} 0L${w - 10} ${h}H${-w + 10}L${-w} 0Z`,
  vault: (w, h) => `M${-w} ${-h + 5}A${w} 5 0 0 1 ${w} ${-h + 5}V${h - 5}A${w} 5 0 0 1 ${-w} ${h - 5}Z`,
};

function drawNode(place) {
  const { node, x, y, width, height } = place;
  const group = svg("g", { transform: `translate(${x} ${y})` });
  const absent = node.place ? "" : " absent";
  group.append(svg("path", { class: `shape${absent}`, d: SHAPES[node.kind](width / 2, height / 2) }));
  group.append(svg("text", { class: "kind", "text-anchor": "middle", y: -5 }, node.kind));
  group.append(svg("text", { "text-anchor": "middle", y: 12 }, nodeLabel(node)));
  return group;
}

// Through the points of the layout, each corner rounded to a curve.
function pathOf(points) {
  const middle = (one, other) => `${(one.x + other.x) / 2} ${(one.y + other.y) / 2}`;
  let path = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    path += `${i === 1 ? "L" + middle(points[0], points[1]) : ""}Q${points[i].x} ${points[i].y} ${middle(points[i], points[i + 1])}`;
  }
  const last = points[points.length - 1];
  return `${path}L${last.x} ${last.y}`;
}

function headOf(points, kind) {
  const [before, tip] = points.slice(-2);
  const angle = (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI;
  return svg("path", { class: `head ${kind}`, d: "M0 0L-10 4.5V-4.5Z", transform: `translate(${tip.x} ${tip.y}) rotate(${angle})` });
}

// The label stands where the layout has room for it; of an arrow that joins many others, where it begins.
function labelPlace(edge, graph) {
  const { start, end } = edge.arrow;
  const copies = (edges) => edges.filter((name) => graph.edge(name).label).length;
  if (copies(graph.inEdges(end)) < 4 || copies(graph.outEdges(start)) > 1) return edge;
  return { x: edge.points[0].x + edge.width / 2 + 10, y: edge.points[0].y };
}

// The line and its label, apart: no line goes over a label.
function drawArrow(edge, graph) {
  const kind = edge.arrow.verdict || edge.arrow.kind;
  const path = pathOf(edge.points);
  const line = svg("g", {}, svg("path", { class: `line ${kind}`, d: path }), headOf(edge.points, kind));
  if (!edge.label) return { line, of: edge.arrow };
  line.append(svg("path", { class: "hit", d: path }));
  const { x, y } = labelPlace(edge, graph);
  const box = { x: x - edge.width / 2, y: y - 11, width: edge.width, height: 22, rx: 11 };
  const group = svg("g", {}, svg("rect", { class: `tag ${kind}`, ...box }));
  group.append(svg("text", { "text-anchor": "middle", x, y: y + 4.5 }, edge.label));
  return { line, group, of: edge.arrow };
}

function drawGroup(graph) {
  const made = { boxes: [], accounts: [], shapes: [], arrows: graph.edges().map((name) => drawArrow(graph.edge(name), graph)) };
  let { width } = graph.graph();
  for (const place of graph.nodes().map((id) => graph.node(id))) {
    if (place.node) made.shapes.push({ group: drawNode(place), of: place.node });
    if (place.region) made.boxes.push(drawBox(place, "region"));
    if (place.account) made.accounts.push({ group: drawBox(place, "account"), of: place.account });
    if (!place.node) width = Math.max(width, boxOf(place, place.title).x + boxOf(place, place.title).width + GAP);
  }
  made.boxes.unshift(...made.accounts.map((account) => account.group));
  return { ...made, width, height: graph.graph().height };
}

// The picture as an element; `items` are what can be chosen in it, in the order in which keys go through them.
function drawn(picture, nodes, arrows) {
  const label = "Accounts, regions, vaults, plans and keys, with the copies between them";
  const root = svg("svg", { role: "group", "aria-label": label, "aria-describedby": "keys" });
  const copies = [], others = [];
  let width = 0, height = 0;
  for (const group of groupsOf(picture, nodes, arrows)) {
    const made = drawGroup(graphOf(picture, nodes, group));
    const tagged = made.arrows.filter((arrow) => arrow.group).sort((one, other) => RANKS[one.of.verdict] - RANKS[other.of.verdict] || one.of.number - other.of.number);
    const layer = svg("g", { transform: `translate(0 ${height})` }, ...made.boxes, ...made.arrows.map((arrow) => arrow.line));
    layer.append(...tagged.map((copy) => copy.group), ...made.shapes.map((shape) => shape.group));
    root.append(layer);
    copies.push(...tagged);
    others.push(...made.accounts, ...made.shapes);
    width = Math.max(width, made.width);
    height += made.height - GAP;
  }
  height += GAP;
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  return { root, width, height, items: [...copies, ...others] };
}
