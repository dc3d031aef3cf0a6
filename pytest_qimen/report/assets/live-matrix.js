// The methods: how many calls or cases, how they were judged, which fields came, and what is missing.
const methods = { missing: false, open: "", fields: null };

function drawMethods() {
  const rows = (run.state.methods ?? []).map((one) => ({ ...one, name: `${one.role}/${one.method}`, count: Object.values(one.counts).reduce((sum, each) => sum + each, 0) }))
    .filter((one) => !methods.missing || !one.count || one.sent < one.fields);
  const roles = [...new Set(rows.map((one) => one.role))].sort();
  const only = h("label.toggle", {}, h("input", { type: "checkbox", "data-focus": "missing", checked: methods.missing, onchange: (event) => { methods.missing = event.target.checked; drawMethods(); } }), say("onlyMissing"));
  view("methods").replaceChildren(h("div.heading", {}, h("h1", {}, say("methods")), h("p", {}, say(isCaller() ? "methodsHelpCaller" : "methodsHelpEndpoint")), h("div.options", {}, isCaller() && only)),
    rows.length ? h("table.methods", {}, h("thead", {}, h("tr", {}, h("th", {}, say("method")), h("th.wide", {}, say("judgedAs")), h("th", {}, say("number")), isCaller() && h("th", {}, say("fieldsCame")), h("th"))),
      roles.map((role) => h("tbody", {}, h("tr.role", {}, h("th", { colspan: 5, scope: "rowgroup" }, role ? say(role) : say("unknownMethod"))),
        rows.filter((one) => one.role === role).sort((a, b) => (a.method < b.method ? -1 : 1)).flatMap(methodRows)))) : h("p.none", {}, say(methods.missing ? "allCame" : "waitsEndpoint")));
}

function methodRows(one) {
  const cases = run.severity.flatMap((status) => (one.counts[status] ? [[status, one.counts[status]]] : []));
  const label = cases.map(([status, count]) => `${say(status)} ${count}`).join(", ");
  const strip = h("span.bar", { role: "img", "aria-label": label, title: label }, cases.map(([status]) => h(`i.${status}`)));
  [...strip.children].forEach((part, index) => { part.style.flexGrow = cases[index][1]; });
  const row = h(one.count ? "tr" : "tr.never", { "data-method": one.name }, h("th", { scope: "row" }, h("a", { href: "#calls", onclick: () => change("method", one.method) }, visible(one.method))),
    h("td.wide", {}, one.count > 0 && strip), h("td.number", {}, one.count ? number(one.count) : pill("untested", say("never"))),
    isCaller() && h("td.number", {}, one.fields > 0 && h("button.copy", { type: "button", "data-focus": one.name, "aria-expanded": String(methods.open === one.name), onclick: () => openFields(one.name) }, `${one.sent} / ${one.fields}`)),
    h("td", {}, cases.filter(([status]) => status !== "pass").map(([status, count]) => [pill(status, String(count)), " "])));
  if (methods.open !== one.name || !methods.fields) return [row];
  const { missing } = methods.fields;
  return [row, h("tr", {}, h("td", { colspan: 5 }, h("p.absent", {}, missing.length ? [say("missingFields"), ": ", missing.join(", ")] : say("noneMissing"))))];
}

async function openFields(name) {
  methods.open = methods.open === name ? "" : name;
  methods.fields = null;
  if (methods.open) methods.fields = await ask(`method/${name}`);
  drawMethods();
}
