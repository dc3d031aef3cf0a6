// Matrix, requirements, latency, and what was not tested.
const FAMILY_ORDER = Object.keys(FAMILIES);
const rankOf = (name) => (FAMILY_ORDER.indexOf(name) + 1 || FAMILY_ORDER.length + 1);
const shownIn = { matrix: { trouble: false }, requirements: { result: "", q: "" }, latency: { slowest: false } };

function toggle(name, key, label) {
  return h("label.toggle", {}, h("input", { type: "checkbox", checked: shownIn[name][key], onchange: (event) => { shownIn[name][key] = event.target.checked; draw(name); } }), label);
}

function drawMatrix() {
  const families = [...new Set(run.cases.map((one) => one.family))].sort((a, b) => rankOf(a) - rankOf(b));
  const cells = new Map(), rows = new Set();
  for (const one of run.cases) {
    const name = `${one.role}/${one.method}`, key = `${name} ${one.family}`;
    rows.add(name);
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(one);
  }
  const troubled = (name) => families.some((family) => ["fail", "stale", "error", "blocked", "untested", "warn"].includes(worst(cells.get(`${name} ${family}`) ?? [])));
  const names = [...rows].sort().filter((name) => !shownIn.matrix.trouble || troubled(name));
  const bodies = [...new Set(names.map((name) => name.split("/")[0]))].map((role) => h("tbody", {},
    h("tr.role", {}, h("th", { colspan: families.length + 2, scope: "rowgroup" }, say(role))),
    names.filter((name) => name.split("/")[0] === role).map((name) => matrixRow(name, families, cells))));
  view("matrix").replaceChildren(heading("matrix", "matrixHelp", [legend(), toggle("matrix", "trouble", say("onlyTrouble"))]),
    h("div.scroll", {}, h("table.grid", {}, h("thead", {}, h("tr", {}, h("th", {}, say("method")),
      families.map((family) => h("th", { scope: "col" }, h("span", {}, visible(familyName(family))))), h("th"))), bodies)));
}

function matrixRow(name, families, cells) {
  const [role, method] = name.split("/");
  return h("tr", {}, h("th", { scope: "row" }, h("a", { href: casesLink({ role, method }) }, method)), families.map((family) => {
    const cases = cells.get(`${name} ${family}`) ?? [];
    if (!cases.length) return h("td");
    const status = worst(cases), counts = countBy(cases, (one) => one.status);
    const label = `${method}, ${written(familyName(family))}: ${run.severity.filter((one) => counts.has(one)).map((one) => `${say(one)} ${counts.get(one)}`).join(", ")}`;
    const shown = ["pass", "info", "unsupported"].includes(status) ? SIGNS[status] : `${SIGNS[status]}${counts.get(status)}`;
    return h(`td.${status}`, {}, h("a", { href: casesLink({ role, method, family }), title: label, "aria-label": label }, shown));
  }), h("td.sum", {}, bar(families.flatMap((family) => cells.get(`${name} ${family}`) ?? []))));
}

const legend = () => h("span.legend", {}, run.severity.filter((status) => run.cases.some((one) => one.status === status)).map((status) => pill(status)));

const heading = (name, help, tools = []) => h("div.heading", {}, h("h1", {}, say(name)), h("p", {}, say(help)), h("div.options", {}, tools));

const resultOf = (wanted) => (wanted.cases.length ? worst(wanted.cases) : "none");

function drawRequirements() {
  const state = shownIn.requirements, results = [...run.severity, "none"].filter((result) => run.requirements.some((one) => resultOf(one) === result));
  const wanted = run.requirements.filter((one) => (!state.result || resultOf(one) === state.result) &&
    state.q.toLowerCase().split(/\s+/).every((word) => `${one.id} ${one.text?.join(" ") ?? ""} ${one.document} ${one.section}`.toLowerCase().includes(word)));
  const order = [...run.severity, "none"];
  wanted.sort((a, b) => order.indexOf(resultOf(a)) - order.indexOf(resultOf(b)) || a.document.localeCompare(b.document));
  const body = h("tbody", {}, wanted.map(requirementRow));
  const search = h("input", { type: "search", placeholder: say("searchRequirements"), "aria-label": say("searchRequirements"), value: state.q, oninput: (event) => {
    state.q = event.target.value; draw("requirements"); const box = view("requirements").querySelector("input"); box.focus(); box.setSelectionRange(state.q.length, state.q.length);
  } });
  const choice = h("select", { "aria-label": say("result"), onchange: (event) => { state.result = event.target.value; draw("requirements"); } },
    h("option", { value: "" }, say("anyResult")), results.map((result) => h("option", { value: result, selected: state.result === result }, `${SIGNS[result]} ${say(result)}`)));
  view("requirements").replaceChildren(heading("requirements", "requirementsHelp", [search, choice, h("span.total", {}, `${wanted.length} / ${run.requirements.length}`)]),
    h("div.scroll", {}, h("table.requirements", {}, h("thead", {}, h("tr", {}, ["result", "requirement", "sentence", "ofLevel", "place", "cases"].map((key) => h("th", {}, say(key))))), body)));
}

function requirementRow(wanted) {
  const result = resultOf(wanted), broken = wanted.cases.filter((one) => one.status === result && !["pass", "info", "unsupported"].includes(result));
  return h("tr", { id: `requirement/${wanted.id}` }, h("td", {}, pill(result)), h("td", {}, h("a", { href: `#requirements/${wanted.id}` }, code(wanted.id))),
    h("td.sentence", {}, wanted.text ? pick(wanted.text) : "", wanted.untested && h("p.why", {}, pick(wanted.untested)),
      !wanted.cases.length && !wanted.untested && h("p.why", {}, say("notRun")),
      broken.length > 0 && h("details", {}, h("summary", {}, `${SIGNS[result]} ${number(broken.length)}`), caseList(broken, 10, casesLink({ requirement: wanted.id, status: result })))),
    h("td", {}, level(wanted.level)), h("td", {}, `${wanted.document} ${wanted.section}`),
    h("td.wide", {}, wanted.cases.length > 0 && h("a", { href: casesLink({ requirement: wanted.id }) }, number(wanted.cases.length), bar(wanted.cases))));
}

function drawLatency() {
  const { low, high } = run.latency, rows = run.latency.rows.map(byName(run.columns.latency)), slowest = shownIn.latency.slowest;
  const ordered = [...rows].sort(slowest ? (a, b) => b.centile - a.centile : (a, b) => a.name.localeCompare(b.name));
  view("latency").replaceChildren(heading("latency", "latencyHelp", [toggle("latency", "slowest", say("byTime"))]), h("div.scroll", {}, latencyPlot(low, high, ordered)));
}

function s(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const milliseconds = (value) => (value >= 1000 ? `${+(value / 1000).toPrecision(3)} s` : `${+value.toPrecision(3)} ms`);

function latencyPlot(low, high, rows) {
  const left = 290, wide = 510, step = 18, top = 30, height = top + rows.length * step + 8;
  const at = (value) => left + wide * Math.log(Math.max(value, low) / low) / Math.log(high / low);
  const made = s("svg", { viewBox: `0 0 1080 ${height}`, class: "plot", role: "img", "aria-label": say("latency") });
  for (let decade = low; decade <= high * 1.001; decade *= 10)
    for (const part of decade < high * 0.999 ? [1, 2, 5] : [1]) {
      const x = at(decade * part);
      made.append(s("line", { x1: x, x2: x, y1: top - 6, y2: height, class: part === 1 ? "axis" : "axis faint" }));
      if (part === 1) made.append(s("text", { x, y: top - 12, class: "tick" }, milliseconds(decade)));
    }
  ["count", "median", "centile", "longest"].forEach((key, place) => made.append(s("text", { x: 888 + place * 64, y: top - 12, class: "figure" }, say(key))));
  rows.forEach((row, index) => made.append(latencyRow(row, top + index * step, { left, wide, at, step })));
  return made;
}

function latencyRow({ name, count, median, centile, longest, bins }, y, { left, wide, at, step }) {
  const [role, method] = name.split("/"), most = Math.max(...bins), width = wide / bins.length, middle = y + step / 2;
  const label = `${name}: ${say("median")} ${milliseconds(median)}, ${say("centile")} ${milliseconds(centile)}, ${say("longest")} ${milliseconds(longest)}, ${number(count)} ${say("requests")}`;
  const row = s("a", { href: casesLink({ role, method }), "aria-label": label, class: "strip" }, s("title", {}, label),
    s("rect", { x: 0, y, width: 1080, height: step, class: "band" }), s("text", { x: left - 12, y: middle + 4, class: "name" }, method));
  bins.forEach((value, bin) => { if (value) row.append(s("rect", { x: left + bin * width, y: y + 3, width: width + 0.3, height: step - 6, class: "heat", opacity: (0.12 + 0.88 * Math.sqrt(value / most)).toFixed(2) })); });
  row.append(s("rect", { x: at(median) - 1, y: y + 1, width: 2, height: step - 2, class: "median" }), s("circle", { cx: at(centile), cy: middle, r: 3, class: "centile" }));
  [number(count), milliseconds(median), milliseconds(centile), milliseconds(longest)].forEach((text, place) => row.append(s("text", { x: 888 + place * 64, y: middle + 4, class: "figure" }, text)));
  return row;
}

function drawUntested() {
  const parts = [];
  if (!run.ended) parts.push(h("p.warning", {}, say("brokeOff")));
  for (const status of ["blocked", "untested", "error", "unsupported", "waived"]) {
    const groups = [...countBy(run.cases.filter((one) => one.status === status), (one) => one.cause)].sort((a, b) => b[1] - a[1]);
    if (groups.length) parts.push(h("h2", {}, sign(status), say(`${status}Title`)), h("table.why.counted", {}, h("tbody", {}, groups.slice(0, 200).map(([cause, count]) => h("tr", {},
      h("td", {}, h("a", { href: casesLink({ status, q: run.byId.has(cause) ? cause : cause.split(/\s+/).slice(0, 12).join(" ") }) }, number(count))),
      h("td", {}, run.byId.has(cause) ? idLink(run.byId.get(cause)) : visible(told(cause))))))));
  }
  if (run.left.length) parts.push(h("h2", {}, sign("none"), say("leftTitle"), ` · ${run.left.length}`), h("p.names", {}, run.left.map((name) => [code(name), " "])));
  const bare = run.requirements.filter((one) => !one.cases.length);
  if (bare.length) parts.push(h("h2", {}, sign("none"), say("requirementTitle"), ` · ${bare.length}`), h("table.why", {}, h("tbody", {}, bare.map((one) => h("tr", {},
    h("td", {}, h("a", { href: `#requirements/${one.id}` }, code(one.id))), h("td", {}, one.text && pick(one.text), h("p.why", {}, one.untested ? pick(one.untested) : say("notRun"))))))));
  view("untested").replaceChildren(heading("untested", "untestedHelp"), ...(parts.length ? parts : [h("p.none", {}, say("allTested"))]));
}
