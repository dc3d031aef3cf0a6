// One case: what was asked, what was found, how to do it again, and the messages with the places marked.
async function showCase(one) {
  const box = view("detail");
  list.open = one;
  box.hidden = !one;
  view("split").classList.toggle("opened", Boolean(one));
  if (!one) { box.replaceChildren(); return; }
  box.replaceChildren(caseHead(one), caseFacts(one), findingList(one), againBox(one));
  box.scrollTop = 0;
  const exchanges = await evidenceOf(one);
  if (list.open !== one) return;
  box.append(exchanges ? exchangeBox(one, exchanges) : h("p.none", {}, say(["fail", "warn", "error", "stale", "waived"].includes(one.status) && one.requests ? "noRoom" : "noEvidence")));
}

function caseHead(one) {
  return h("header", {}, h("div", {}, pill(one.status), level(one.level),
    h("button.close", { type: "button", title: say("close"), "aria-label": say("close"), onclick: closeCase }, "×"),
    copyButton(() => location.href, say("link"))), h("h2", {}, idText(one.id)), one.title && h("p", {}, visible(pick(one.title))),
    one.cause && h("p.cause", {}, run.byId.has(one.cause) ? idLink(run.byId.get(one.cause)) : visible(told(one.cause))));
}

function caseFacts(one) {
  const requirements = one.requirements.map((id) => run.requirement.get(id)).map((wanted) => h("p", {}, h("a", { href: `#requirements/${wanted.id}` }, code(wanted.id)), " ",
    wanted.text && pick(wanted.text), " ", wanted.document && h("small", {}, level(wanted.level), ` ${wanted.document} ${wanted.section}`)));
  const attested = (one.showing?.[1] ?? []).map(([id, name, sentence]) => h("p", {}, visible(`${name}: ${sentence} `), code(id)));
  return h("dl.rows", {}, [["requirement", requirements], ...(one.showing ? [["evidence", [say(one.showing[0]), ...attested]]] : []), ["clause", visible(one.clause)], ["method", [code(one.method), ` · ${say(one.role)} · `, visible(familyName(one.family))]],
    ["requests", [`${one.requests} · ${milliseconds(one.ms)} · ${say("seed")} `, code(run.head.seed)]]].flatMap(([key, value]) => [h("dt", {}, say(key)), h("dd", {}, value)]));
}

function findingList(one) {
  if (!one.findings.length) return h("div");
  return h("section.findings", {}, h("h3", {}, say("findings")), one.findings.map((found) => h(`div.finding.${found.level}`, {},
    h("h4", {}, level(found.level), checkName(found.check), " ", code(found.check), found.path && [` ${say("at")} `, code(found.path)], one.requests > 1 && ` · ${say("step")} ${found.step}`),
    comparison(found), h("p.clause", {}, visible(found.clause)))));
}

function againBox(one) {
  if (run.head.side === "caller") return h("div");
  const url = run.head.embedded ? "" : ` --url ${quote(run.head.url ?? "")}`, command = `qimen replay ${quote(one.id)}${url}`;
  return h("section.again", {}, h("h3", {}, say("again")), h("div.command", {}, h("pre", {}, visible(command)), copyButton(() => command)));
}

/** Where to look: the places that the findings name in the answer, and the field that the case bends. */
function placesOf(one, step, url) {
  const found = one.findings.filter((finding) => finding.step === step || one.findings.length === 1);
  const answer = found.map((finding) => finding.path || (finding.check.startsWith("contract.") ? "flag" : "")).filter(Boolean);
  const field = one.clause.split(" request.")[1], called = new URLSearchParams(url.split("?")[1]).get("method") ?? "";
  const own = called.endsWith(one.method);
  return { answer, request: field && own ? [field] : [], order: own ? run.order[one.method] ?? [] : [] };
}

/** The exchange of the worst finding: the one of its step, or with its number, or the last. */
function exchangeOf(one, exchanges) {
  const step = one.findings[0]?.step ?? 0, known = exchanges.findIndex((exchange) => exchange.step === step);
  const counted = one.requests === exchanges.length && step ? Math.min(step, exchanges.length) - 1 : exchanges.length - 1;
  return step && known >= 0 ? known : counted;
}

function exchangeBox(one, exchanges) {
  const body = h("div"), start = exchangeOf(one, exchanges);
  const tabs = exchanges.map((exchange, index) => h("button", { type: "button", role: "tab", onclick: () => show(index) }, `${index + 1}`));
  const show = (index) => {
    tabs.forEach((tab, at) => tab.setAttribute("aria-selected", String(at === index)));
    body.replaceChildren(...exchangeParts(one, exchanges[index], exchanges[index].step || index + 1));
  };
  show(start);
  return h("section.exchanges", {}, h("h3", {}, say("exchange"), exchanges.length > 1 && h("span.tabs", { role: "tablist" }, tabs)), body);
}

function exchangeParts(one, { request, answer, milliseconds: ms, error }, step) {
  const places = placesOf(one, step, request.url);
  const command = curl(request), line = (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join("\n");
  const came = error ? [h("p.warning", {}, visible(error))] : [];
  return [
    message("request", `${request.method} ${request.url}\n${line(request.headers)}`, request, places.request, places.order[0]),
    ...came, answer.status !== null && message("answer", `HTTP ${answer.status} · ${milliseconds(ms)}\n${line(answer.headers)}`, answer, places.answer, places.order[1]),
    h("div.command", {}, h("pre.curl", {}, visible(command, true)), copyButton(() => command)),
  ].filter(Boolean);
}

function message(name, head, { headers, body, binary: coded, size }, places, order) {
  const kind = headers.find(([key]) => key.toLowerCase() === "content-type")?.[1] ?? "";
  const text = coded ? bytesText(body) : body, whole = coded ? Math.floor(body.length * 3 / 4) >= size - 2 : new TextEncoder().encode(body).length >= size;
  const shown = h("pre.message", { tabindex: "0", "aria-label": say(name) });
  const buttons = ["pretty", "raw"].map((way) => h("button", { type: "button", "data-way": way, onclick: () => show(way) }, say(way)));
  const show = (way) => {
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.way === way)));
    const lines = way === "raw" || coded ? [visible(`${head}\n\n${text}`, true)] : body ? showLines(withGhosts(layOut(text, kind), places, order), places) : [say("empty")];
    shown.replaceChildren(...lines.flat(9), whole ? "" : h("em", {}, `\n… ${say("cut")} ${number(size)} ${say("bytes")}`));
  };
  show("pretty");
  return h(`div.part.${name}`, {}, h("h4", {}, say(name), h("span.headline", {}, visible(head.split("\n")[0])), h("span.ways", {}, buttons, copyButton(() => text))), coded && h("small", {}, say("notUtf8")), shown);
}

function closeCase() {
  go(casesLink(filter));
  view("list").focus();
}
