// The page around the picture: filters, details, the table of copies and the findings.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const STEP = 200;
const WORDS = { lands: "✓ lands", fails: "✕ fails", unsure: "? unsure", assumed: "if", holds: "✓" };
let scale = 1, scene = null, chosen = null, rowsShown = STEP, findingsShown = STEP;

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
const told = (text) => make("bdi", { dir: "ltr" }, text);
const badge = (kind, text) => make("span", { class: `badge ${kind}` }, text || WORDS[kind] || kind);
const atPlace = (place) => (place ? make("code", {}, told(place)) : "");
function button(text, action) {
  const made = make("button", { type: "button", class: "find" }, text);
  made.addEventListener("click", action);
  return made;
}

// What is known of each node: the account and region that it is in.
const homes = new Map();
const nodeOf = new Map();
for (const account of data.picture.accounts) {
  for (const region of account.regions) {
    for (const node of region.nodes) {
      homes.set(node.id, { account, region });
      nodeOf.set(node.id, node);
    }
  }
}
data.picture.arrows.forEach((arrow, number) => { arrow.number = number; });
const arrowOfCopy = new Map();
for (const arrow of data.picture.arrows) for (const copy of arrow.copies) arrowOfCopy.set(copy, arrow);
data.copies.forEach((copy, number) => {
  copy.number = number;
  copy.decides = copy.requirements.find((row) => row.verdict === copy.verdict);
  copy.text = [copy.verdict, copy.plan, copy.rule, copy.source, copy.destination, copy.place, copy.when, ...copy.requirements.flatMap((row) => [row.name, row.because, row.place])].join("\n").toLowerCase();
});
const RANK = { error: 0, warning: 1, unsure: 2, info: 3 };
if (data.findings) data.findings.sort((one, other) => RANK[one.kind] - RANK[other.kind]);
for (const finding of data.findings || []) {
  finding.text = [finding.rule, finding.title, finding.message, finding.place, ...finding.remarks.flat(), ...finding.related].join("\n").toLowerCase();
}

function nameOf(id) {
  const node = nodeOf.get(id), { account, region } = homes.get(id);
  return `${node.kind} ${nodeLabel(node)} in ${accountTitle(account)}, ${regionTitle(region)}`;
}

function checked(name) {
  return new Set([...document.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));
}
function asked() {
  return { text: byId("text").value.trim().toLowerCase(), account: byId("account").value, rule: byId("rule").value, verdicts: checked("verdict"), severities: checked("severity") };
}
const wantsCopy = (copy, want) => want.verdicts.has(copy.verdict) && (!want.account || want.account === copy.source_account || want.account === copy.destination_account) && copy.text.includes(want.text);
const wantsFinding = (finding, want) => want.severities.has(finding.accepted ? "accepted" : finding.kind) && (!want.account || finding.accounts.includes(want.account)) && (!want.rule || want.rule === finding.rule) && finding.text.includes(want.text);

// The arrows and nodes that are drawn: all, or where something is asked for, what has to do with it.
function shownOf(copies, want) {
  const numbers = new Set(copies.map((copy) => copy.number));
  const all = !want.text && !want.account && want.verdicts.size === 3;
  for (const arrow of data.picture.arrows) arrow.shown = arrow.copies.filter((copy) => numbers.has(copy)).length;
  const kept = data.picture.arrows.filter((arrow) => arrow.shown);
  const nodes = new Set(all ? nodeOf.keys() : kept.flatMap((arrow) => [arrow.start, arrow.end]));
  if (!all && (want.text || want.account)) {
    for (const [id, node] of nodeOf) {
      const { account } = homes.get(id);
      const inAccount = !want.account || account.name === want.account || account.alike.includes(want.account);
      if (inAccount && (!want.text || node.label.toLowerCase().includes(want.text))) nodes.add(id);
    }
  }
  const others = data.picture.arrows.filter((arrow) => arrow.kind !== "copy" && nodes.has(arrow.end));
  for (const arrow of others) nodes.add(arrow.start);
  return { nodes, arrows: [...kept, ...others] };
}

function refresh() {
  const want = asked();
  const copies = data.copies.filter((copy) => wantsCopy(copy, want));
  const findings = (data.findings || []).filter((finding) => wantsFinding(finding, want));
  const count = (shown, all, one, many) => `${shown} of ${all} ${all === 1 ? one : many}`;
  byId("count").textContent = [...(data.findings ? [count(findings.length, data.findings.length, "finding", "findings")] : []), count(copies.length, data.copies.length, "copy", "copies")].join(", ");
  drawPicture(shownOf(copies, want));
  fill(byId("rows"), byId("more-rows"), copies, rowsShown, rowOf, () => { rowsShown += STEP; refresh(); });
  fill(byId("findings"), byId("more-findings"), findings, findingsShown, findingOf, () => { findingsShown += STEP; refresh(); });
}

function fill(place, more, all, most, form, action) {
  const open = all.length <= 12;
  place.replaceChildren(...all.slice(0, most).map((one) => form(one, open)));
  more.hidden = all.length <= most;
  more.textContent = `Show more (${all.length - most} are left)`;
  more.onclick = action;
}

function rowOf(copy) {
  const decides = make("td", {}, ...(copy.decides ? [make("b", {}, copy.decides.name), ": ", told(copy.decides.because)] : [copy.assumed]));
  decides.append(" ", atPlace((copy.decides && copy.decides.place) || copy.place));
  const show = button(WORDS[copy.verdict], () => choose(arrowOfCopy.get(copy.number), true));
  show.className = `badge ${copy.verdict}`;
  show.setAttribute("aria-label", `${copy.verdict}: show in the picture`);
  const name = [copy.plan, copy.rule].filter(Boolean).join(", ");
  return make("tr", {}, make("td", {}, show), ...[name, copy.source, copy.destination, copy.kept].map((text) => make("td", {}, told(text))), decides);
}

function findingOf(finding, open) {
  const kind = finding.accepted ? "accepted" : finding.kind;
  const heading = make("summary", {}, badge(kind, finding.kind), " ", told(finding.message), make("span", { class: "quiet" }, finding.rule, " · ", told(finding.place)));
  const made = make("details", {}, heading);
  const body = () => { if (made.childElementCount === 1) made.append(bodyOf(finding)); };
  made.addEventListener("toggle", body, { once: true });
  if (open) { body(); made.open = true; }
  return made;
}

function bodyOf(finding) {
  const body = make("div", {});
  if (finding.accepted) body.append(make("p", {}, "accepted by ", told(finding.accepted)));
  const lines = finding.excerpt.flatMap((line) => [...line.map(([text, style]) => make("span", { class: style }, text)), "\n"]);
  if (lines.length) body.append(make("pre", { tabindex: "0", "aria-label": "Source" }, ...lines));
  for (const [word, text] of finding.remarks) body.append(make("p", {}, make("b", {}, word), " ", text.includes("\n") ? make("pre", {}, text) : told(text)));
  const arrows = [...new Set(data.copies.filter((copy) => finding.spots.includes(copy.spot)).map((copy) => arrowOfCopy.get(copy.number)))];
  for (const arrow of arrows.slice(0, 3)) body.append(button(`Show in the picture: ${arrowLabel(arrow)}`, () => choose(arrow, true)));
  return body;
}

function start() {
  document.body.classList.toggle("alone", !data.findings);
  const option = (text) => make("option", { value: text }, text);
  byId("account").append(...data.accounts.map(option));
  byId("rule").append(...[...new Set((data.findings || []).map((finding) => finding.rule))].sort().map(option));
  let timer = 0;
  byId("filters").addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, event.target.id === "text" ? 150 : 0);
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(refresh));
  watchTools();
  choose(null);
  refresh();
}
