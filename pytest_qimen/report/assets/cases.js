// The list of cases: filters above, only the rows in sight exist, one of them selected.
const ROW = 28;
const list = { cases: [], at: 0, open: null };

function drawCases() {
  if (!view("list")) {
    view("cases").replaceChildren(h("div.filters", { id: "filters" }), h("div.split", { id: "split" },
      h("div.list", { id: "list", role: "listbox", tabindex: "0", "aria-label": say("cases"), onscroll: drawRows }, h("div.track", { id: "track", role: "presentation" })),
      h("article.detail", { id: "detail", tabindex: "-1", hidden: true })));
    new ResizeObserver(drawRows).observe(view("list"));
  }
  list.cases = chosen();
  list.at = Math.max(0, list.open ? list.cases.indexOf(list.open) : Math.min(list.at, list.cases.length - 1));
  drawFilters();
  view("list").setAttribute("aria-label", say("cases"));
  view("track").style.height = `${Math.max(1, list.cases.length) * ROW}px`;
  drawRows();
}

function drawFilters() {
  const counts = countBy(run.cases, (one) => one.status);
  const chips = run.severity.filter((status) => counts.has(status)).map((status) => h(`button.chip.${status}`, { type: "button", "aria-pressed": String(Boolean(filter.status?.includes(status))), "data-status": status,
    onclick: () => change("status", filter.status.includes(status) ? filter.status.filter((one) => one !== status) : [...filter.status, status]) }, pill(status), h("b", {}, number(counts.get(status)))));
  const values = (key) => [...new Set(run.cases.map((one) => one[key]))];
  const any = ["q", ...Object.keys(FIELDS)].some((key) => filter[key]?.length);
  view("filters").replaceChildren(h("div.chips", {}, chips), h("div.options", {},
    select("level", LEVELS, say("anyLevel"), say), select("role", values("role"), say("anyRole"), say),
    select("method", values("method").sort(), say("anyMethod")),
    select("family", values("family").sort((a, b) => rankOf(a) - rankOf(b)), say("anyFamily"), familyName),
    filter.requirement?.length > 0 && h("button.chip", { type: "button", onclick: () => change("requirement", []) }, filter.requirement.map(code), " ×"),
    h("span.total", { id: "total" }, `${number(list.cases.length)} / ${number(run.cases.length)}`),
    any && h("button", { type: "button", id: "clear", onclick: () => go("#cases") }, say("clear")), h("small.keys", {}, say("keys"))));
}

function drawRows() {
  const box = view("list"), first = Math.max(0, Math.floor(box.scrollTop / ROW) - 6), last = first + Math.ceil(box.clientHeight / ROW) + 12;
  const rows = list.cases.slice(first, last).map((one, index) => caseRow(one, first + index));
  view("track").replaceChildren(...(list.cases.length ? rows : [h("p.none", {}, say("noMatch"))]));
  if (list.cases.length) box.setAttribute("aria-activedescendant", `row-${list.at}`);
}

function caseRow(one, index) {
  const found = one.findings[0], note = found && one.status !== "pass" ? `${found.check} ${told(found.actual)}` : told(one.cause);
  const row = h("div.row", { id: `row-${index}`, role: "option", "aria-selected": String(index === list.at), "aria-setsize": list.cases.length, "aria-posinset": index + 1, "data-id": one.id, onclick: () => openCase(index) },
    sign(one.status), level(one.level), idText(one.id), h("span.note", {}, visible(note.slice(0, 160))), h("span.ms", {}, one.requests ? milliseconds(one.ms) : ""));
  row.style.top = `${index * ROW}px`;
  if (one === list.open) row.classList.add("open");
  return row;
}

/** Select the row and bring it into sight, with a third of the list above it where it was far away. */
function selectRow(index) {
  list.at = Math.max(0, Math.min(list.cases.length - 1, index));
  const box = view("list"), top = list.at * ROW;
  if (Math.abs(top - box.scrollTop) > 3 * box.clientHeight) box.scrollTop = top - box.clientHeight / 3;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
  drawRows();
}

function openCase(index) {
  selectRow(index);
  if (list.cases[list.at]) go(caseLink(list.cases[list.at].id), list.open !== null);
}

/** Change one part of the filter; the address follows, so that it can be passed on. */
function change(key, value) {
  filter[key] = value;
  list.at = 0;
  if (view("list")) view("list").scrollTop = 0;
  go(casesLink(filter), current === "cases");
}
