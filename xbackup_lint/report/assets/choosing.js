// What is chosen, by mouse or keyboard, and what is told of it; the size of the picture.
const MOST = 20;

function drawPicture({ nodes, arrows }) {
  const canvas = byId("canvas");
  hideTip();
  if (!nodes.size) {
    scene = null;
    canvas.replaceChildren(make("p", { class: "quiet" }, data.picture.accounts.length ? "Nothing fits the filters" : "The files describe no plan and no vault"));
    return;
  }
  scene = drawn(data.picture, nodes, arrows);
  scene.items.forEach(makeItem);
  scene.items[0].group.setAttribute("tabindex", "0");
  canvas.replaceChildren(scene.root);
  mark();
  resize(Math.max(0.7, Math.min(1, fitting().across)));
}

function fitting() {
  const room = byId("canvas");
  return { across: (room.clientWidth - 14) / scene.width, down: (room.clientHeight - 14) / scene.height };
}

function resize(to) {
  if (!scene) return;
  scale = Math.min(3, Math.max(0.1, to));
  scene.root.setAttribute("width", scene.width * scale);
  scene.root.setAttribute("height", scene.height * scale);
}

function makeItem(item, number) {
  const { group, of } = item;
  for (const [name, value] of Object.entries({ role: "button", tabindex: "-1", "aria-label": spoken(of) })) group.setAttribute(name, value);
  for (const part of [group, item.line].filter(Boolean)) {
    part.addEventListener("click", () => { moveTo(number); choose(of); });
    part.addEventListener("pointerenter", () => showTip(item));
    part.addEventListener("pointerleave", hideTip);
  }
  group.addEventListener("focus", () => showTip(item));
  group.addEventListener("blur", hideTip);
  group.addEventListener("keydown", (event) => onKey(event, number, of));
}

function onKey(event, number, of) {
  const last = scene.items.length - 1;
  const to = { ArrowRight: number + 1, ArrowDown: number + 1, ArrowLeft: number - 1, ArrowUp: number - 1, Home: 0, End: last }[event.key];
  if (to !== undefined) moveTo(Math.min(last, Math.max(0, to)));
  else if (event.key === "Enter" || event.key === " ") choose(of);
  else if (event.key === "Escape") { hideTip(); choose(null); }
  else return;
  event.preventDefault();
}

// One item at a time can be reached by Tab: the one that keys have led to.
function moveTo(number) {
  scene.items.forEach((item, i) => item.group.setAttribute("tabindex", i === number ? "0" : "-1"));
  intoView(scene.items[number].group);
  scene.items[number].group.focus({ preventScroll: true });
}

function intoView(group) {
  const tag = group.querySelector(".tag") || group;
  tag.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function spoken(of) {
  if (of.kind === "copy") {
    const many = of.shown === 1 ? "1 copy" : `${of.shown} copies`;
    const why = of.decides ? `, ${of.decides.name}: ${of.decides.because}${of.decides.place ? `, ${of.decides.place}` : ""}` : "";
    return `${many} from ${nameOf(of.start)} to ${nameOf(of.end)}: ${of.verdict}${why}`;
  }
  if (of.regions) return `account ${accountTitle(of)}`;
  return `${nameOf(of.id)}${of.place ? "" : ", not in the files"}`;
}

function showTip(item) {
  hideTip();
  if (item.line) item.line.classList.add("hot");
  const { of } = item, tip = byId("tip");
  const lines = of.kind === "copy" ? tipOfArrow(of) : of.regions ? [[of.name, ...of.alike].slice(0, MOST).join(", "), of.note] : [`${of.kind} ${nodeLabel(of)}`, of.place || "not in the files"];
  tip.replaceChildren(...lines.filter(Boolean).map((line) => make("p", {}, told(line))));
  tip.hidden = false;
  const box = (item.group.querySelector(".tag, .shape, .title") || item.group).getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
  const below = box.bottom + 8;
  tip.style.top = `${below + tip.offsetHeight > innerHeight ? Math.max(4, box.top - tip.offsetHeight - 8) : below}px`;
}
function tipOfArrow(arrow) {
  const copy = data.copies[arrow.copies[0]];
  return arrow.decides ? [arrowLabel(arrow), arrow.decides.because, arrow.decides.place] : [arrowLabel(arrow), copy.assumed, copy.place];
}
function hideTip() {
  byId("tip").hidden = true;
  for (const line of document.querySelectorAll("#canvas .hot")) line.classList.remove("hot");
}

function mark() {
  if (scene) for (const { group, line, of } of scene.items) {
    for (const part of [group, line].filter(Boolean)) part.classList.toggle("chosen", of === chosen);
    group.setAttribute("aria-pressed", of === chosen);
  }
}

// Tells all of an arrow, a node or an account; `seek` brings it into view, without the filters if they hide it.
function choose(of, seek) {
  chosen = of;
  if (seek && !(scene && scene.items.some((item) => item.of === of))) byId("filters").reset();
  const detail = byId("detail");
  detail.replaceChildren(...(of === null ? [make("p", { class: "quiet" }, "Choose an arrow, a node or an account to read all about it here.")] : of.kind === "copy" ? detailOfArrow(of) : of.regions ? detailOfAccount(of) : detailOfNode(of)));
  mark();
  if (seek) setTimeout(() => {
    const item = scene && scene.items.find((one) => one.of === of);
    if (item) { byId("canvas").scrollIntoView({ block: "nearest" }); intoView(item.group); }
    detail.focus({ preventScroll: true });
  });
}

function detailOfArrow(arrow) {
  const made = [make("h3", {}, badge(arrow.verdict, arrowLabel(arrow))), make("p", {}, told(nameOf(arrow.start)), " → ", told(nameOf(arrow.end)))];
  const want = asked();
  const copies = arrow.copies.map((number) => data.copies[number]).filter((copy) => wantsCopy(copy, want));
  for (const copy of copies.slice(0, MOST)) made.push(...detailOfCopy(copy));
  if (copies.length > MOST) made.push(make("p", { class: "quiet" }, `and ${copies.length - MOST} more: they are in the table`));
  return made;
}
function detailOfCopy(copy) {
  const name = [copy.plan, copy.rule].filter(Boolean).join(", ");
  const head = make("p", {}, make("b", {}, told(name)), ` kept ${copy.kept} `, atPlace(copy.place), make("br", {}), told(`${copy.source} → ${copy.destination}`));
  if (copy.when) head.append(make("br", {}), "when ", told(copy.when));
  const item = (row) => make("li", {}, badge(row.verdict), " ", make("b", {}, row.name), ": ", told(row.because), " ", atPlace(row.place));
  const list = (rows) => make("ul", { class: "requirements" }, ...rows.map(item));
  const open = (row) => row.verdict === "fails" || row.verdict === "unsure";
  const met = copy.requirements.filter((row) => !open(row)), made = [head, list(copy.requirements.filter(open))];
  if (met.length) made.push(make("details", {}, make("summary", {}, `${met.length} requirements hold, or are assumed`), list(met)));
  return made;
}
// The copies from and to nodes, each to be chosen in its turn.
function arrowsAt(ids) {
  const touching = data.picture.arrows.filter((arrow) => arrow.kind === "copy" && (ids.has(arrow.start) || ids.has(arrow.end)));
  const item = (arrow) => make("li", {}, button(arrowLabel(arrow), () => choose(arrow, true)), " ", told(ids.has(arrow.start) ? `to ${nameOf(arrow.end)}` : `from ${nameOf(arrow.start)}`));
  return make("ul", {}, ...touching.slice(0, MOST).map(item), ...(touching.length > MOST ? [make("li", {}, `and ${touching.length - MOST} more`)] : []));
}
function detailOfNode(node) {
  const made = [make("h3", {}, told(nameOf(node.id))), make("p", {}, node.place ? atPlace(node.place) : "no file describes it")];
  if (node.alike.length) made.push(make("p", {}, "It stands for ", told(node.alike.join(", ")), " too."));
  return [...made, ...node.told.map((line) => make("p", {}, told(line))), arrowsAt(new Set([node.id]))];
}
function detailOfAccount(account) {
  const made = [make("h3", {}, "account ", told(accountTitle(account)))];
  if (account.note) made.push(make("p", {}, told(account.note)));
  if (account.alike.length) made.push(make("p", {}, "The same is said of ", told([account.name, ...account.alike].join(", "))));
  for (const region of account.regions) {
    const names = region.nodes.map((node) => `${node.kind} ${nodeLabel(node)}`).join(", ");
    const others = region.alike.length ? ` (the same in ${region.alike.join(", ")})` : "";
    made.push(make("p", {}, make("b", {}, told(regionTitle(region))), ": ", told(names + others)));
  }
  return [...made, arrowsAt(new Set(account.regions.flatMap((region) => region.nodes.map((node) => node.id))))];
}

function watchTools() {
  byId("smaller").addEventListener("click", () => resize(scale / 1.25));
  byId("larger").addEventListener("click", () => resize(scale * 1.25));
  byId("natural").addEventListener("click", () => resize(1));
  byId("fit").addEventListener("click", () => scene && resize(Math.min(fitting().across, fitting().down, 1)));
}
