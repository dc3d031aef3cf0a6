// The calls or cases as they come, newest first; only the rows in sight exist. A click shows what is behind one.
const ROW = 28, MOST = 2000;
const list = { rows: [], open: 0, drawn: false };
const filter = { q: "", status: "", method: "" };

function drawList() {
  if (!view("list")) {
    view("calls").replaceChildren(h("div.filters", { id: "filters" }), h("div.split", { id: "split" },
      h("div.list", { id: "list", role: "listbox", tabindex: "0", "aria-label": say("calls"), onscroll: drawRows }, h("div.track", { id: "track", role: "presentation" })),
      h("article.detail", { id: "detail", tabindex: "-1", hidden: true })));
    new ResizeObserver(drawRows).observe(view("list"));
  }
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean), before = list.rows.length, box = view("list");
  list.rows = run.rows.filter((one) => (!filter.status || one.status === filter.status) && (!filter.method || one.method === filter.method) &&
    words.every((word) => textOf(one).includes(word))).reverse();
  if (box.scrollTop > ROW) box.scrollTop += Math.max(0, list.rows.length - before) * ROW; // what is being read stays in sight
  drawFilters();
  view("track").style.height = `${Math.max(1, list.rows.length) * ROW}px`;
  drawRows();
}

const textOf = (one) => (one.text ??= [one.n, one.method, one.key, one.status, ...(one.note ?? [])].join("\n").toLowerCase());

/** A choice of one value; the list of values is only made anew when it changed, so that it stays open under a hand. */
function choice(key, values, anything, name = (value) => value) {
  const wanted = JSON.stringify([language, anything, values]), old = document.querySelector(`select[data-filter="${key}"]`);
  if (old?.dataset.values === wanted) return;
  const made = h("select", { "aria-label": say(key), onchange: (event) => change(key, event.target.value) },
    h("option", { value: "" }, anything), values.map((value) => h("option", { value, selected: filter[key] === value }, written(name(value)))));
  made.dataset.filter = key;
  made.dataset.values = wanted;
  if (old) old.replaceWith(made); else view("choices").prepend(made);
}

function drawFilters() {
  if (!view("choices")) view("filters").replaceChildren(h("div.options", { id: "choices" }, h("span.total", { id: "total" }), h("small", { id: "most" })));
  const statuses = run.severity.filter((status) => run.rows.some((one) => one.status === status) || filter.status === status);
  choice("method", [...new Set(run.rows.map((one) => one.method).concat(filter.method || []))].sort(), say("anyMethod"));
  choice("status", statuses, say("anyVerdict"), say);
  view("total").textContent = `${number(list.rows.length)} / ${number(run.rows.length)}`;
  view("most").textContent = `${say("newest")} ${number(MOST)} ${say("shown")}`;
}

function drawRows() {
  const box = view("list"), first = Math.max(0, Math.floor(box.scrollTop / ROW) - 6), last = first + Math.ceil(box.clientHeight / ROW) + 12;
  view("track").replaceChildren(...(list.rows.length ? list.rows.slice(first, last).map((one, index) => rowOf(one, first + index)) : [emptyList()]));
}

function emptyList() {
  if (run.rows.length) return h("p.none", {}, say("noMatch"));
  return h("p.none", {}, ...(isCaller() ? [say("waitsCaller"), " ", code(run.head.url ?? "")] : [say("waitsEndpoint")]));
}

function rowOf(one, index) {
  const row = h("div.row", { role: "option", "aria-selected": String(one.n === list.open), "data-n": one.n, onclick: () => openRow(one.n) },
    sign(one.status), h("span.time", {}, one.time), h("span.method", {}, visible(one.method)), h("span.key", {}, visible(one.key)),
    one.level && level(one.level), h("span.note", {}, visible(pick(one.note).slice(0, 300))));
  row.style.top = `${index * ROW}px`;
  return row;
}

/** Put these into an element, without what is false or null. */
const fill = (box, ...children) => box.replaceChildren(...children.filter(Boolean));

async function openRow(number) {
  list.open = number;
  drawRows();
  const found = await ask(`call/${number}`);
  if (list.open !== number) return;
  Object.assign(run, { said: found?.said ?? {}, checks: found?.checks ?? {}, order: found?.order ?? {} });
  list.over = found === null;
  list.found = found?.gone ? null : found;
  drawDetail();
}

function drawDetail() {
  const box = view("detail"), one = list.found;
  box.hidden = false;
  view("split").classList.add("opened");
  const close = h("button.close", { type: "button", title: say("close"), "aria-label": say("close"), onclick: closeRow }, "×");
  if (!one) { box.replaceChildren(h("header", {}, h("div", {}, close)), h("p.none", {}, say(list.over ? "overDetail" : "gone"))); return; }
  fill(box, h("header", {}, h("div", {}, pill(one.status), close), h("h2", {}, h("span.id", {}, visible(one.id))), one.title && h("p", {}, visible(pick(one.title)))),
    one.why && h("p.cause", {}, visible(pick(one.why))), findingList(one), !isCaller() && againBox(one), exchanged(one));
  box.scrollTop = 0;
}

function exchanged(one) {
  if (!one.exchanges.length) return h("p.none", {}, say(one.requests ? "noEvidence" : "empty"));
  const body = h("div"), start = exchangeOf(one, one.exchanges);
  const tabs = one.exchanges.map((each, index) => h("button", { type: "button", role: "tab", onclick: () => show(index) }, `${index + 1}`));
  const show = (index) => {
    tabs.forEach((tab, at) => tab.setAttribute("aria-selected", String(at === index)));
    body.replaceChildren(...exchangeParts(one, one.exchanges[index], one.exchanges[index].step || index + 1));
  };
  show(start);
  return h("section.exchanges", {}, h("h3", {}, say("exchange"), tabs.length > 1 && h("span.tabs", { role: "tablist" }, tabs)), body, h("small", {}, say("curlHelp")));
}

function closeRow() {
  list.open = 0;
  view("detail").hidden = true;
  view("split").classList.remove("opened");
  drawRows();
  view("list").focus();
}

function moveRow(step) {
  const at = list.rows.findIndex((one) => one.n === list.open), next = list.rows[Math.max(0, Math.min(list.rows.length - 1, at + step))];
  if (next) openRow(next.n);
}

function change(key, value) {
  filter[key] = value;
  view("list").scrollTop = 0;
  drawList();
}
