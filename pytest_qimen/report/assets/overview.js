// Verdict, facts, causes and roles: what everyone reads first.
function drawOverview() {
  view("overview-body").replaceChildren(facts(), statusBar(), ...nextSteps(), ...causeLists(), h("h2", {}, say("byRole")), h("div.scroll", {}, roleTable()));
}

function facts() {
  const requests = run.cases.reduce((sum, one) => sum + one.requests, 0);
  const seconds = run.ended && Math.round((Date.parse(run.ended) - Date.parse(run.head.started)) / 1000);
  const duration = seconds === null ? say("unfinished") : seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const narrowed = (run.head.methods ?? []).join(" ") !== "*" || run.left.length;
  const rows = [
    ["target", [visible(run.head.target), run.head.url !== run.head.target && [" ", code(run.head.url ?? "")]]],
    ["suite", [run.head.suite.version, " ", code(run.head.suite.digest)]], ["started", run.head.started.replace("T", " ").replace(/\.\d+/, "")],
    ["duration", duration], ["cases", number(run.cases.length)], ["requests", number(requests)], ["seed", code(run.head.seed)],
    ["level", say(run.head.level)],
    ["run", narrowed ? code([...(run.head.roles ?? []), ...(run.head.methods ?? [])].join(" ")) : say("everything")],
  ];
  return h("dl.facts", {}, rows.map(([key, value]) => h("div", {}, h("dt", {}, say(key)), h("dd", {}, value))));
}

/** What to do with a green run: a certificate, or what a certificate wants first. */
function nextSteps() {
  if (!run.ended) return [h("p.warning", {}, say("brokeOff"))];
  if (run.verdict !== "conformant") return [];
  const command = "qimen certify-result DIR > certificate.json", steps = [h("li", {}, say("nextCertificate"), h("div.command", {}, h("pre", {}, command), copyButton(() => command)))];
  if ((run.head.methods ?? []).join(" ") !== "*") steps.unshift(h("li", {}, say("nextWhole")));
  return [h("h2", {}, say("next")), run.head.embedded ? h("p.next", {}, say("nextEmbedded")) : h("ol.next", {}, steps)];
}

function statusBar() {
  const counts = countBy(run.cases, (one) => one.status);
  const chips = run.severity.filter((status) => counts.has(status))
    .map((status) => h(`a.chip.${status}`, { href: casesLink({ status }) }, pill(status), h("b", {}, number(counts.get(status)))));
  return h("div.status", {}, bar(run.cases), h("div.chips", {}, chips));
}

/** What makes the run red or incomplete, then what this level forgives. */
function causeLists() {
  const counts = (cause) => isRed(cause.status) || cause.status === "blocked";
  return [["causes", "causesHelp", run.causes.filter(counts)], ["forgiven", "forgivenHelp", run.causes.filter((cause) => !counts(cause))]]
    .filter(([key, , causes]) => key === "causes" || causes.length)
    .flatMap(([key, help, causes]) => [h("h2", {}, say(key), causes.length > 0 && h("small", {}, say(help))),
      causes.length ? h("ol.causes", {}, causes.map((cause) => h("li", {}, causeEntry(cause)))) : h("p.none", {}, say("nothing"))]);
}

function causeEntry(cause) {
  const made = h("details.cause", {}, h("summary", {}, sign(cause.status),
    h("span.title", {}, h("span", {}, pick(cause.title)), h("small", {}, h("span", {}, methodNames(cause)), cause.check !== "blocked" && code(cause.check), cause.about && code(told(cause.about)), evidenceLine(cause))),
    h("span.counts", {}, countChips(cause),
      cause.blocked.length > 0 && h("b.blocked", { title: say("dependants") }, `⊘ ${number(cause.blocked.length)}`))));
  made.addEventListener("toggle", () => { if (made.open && made.children.length === 1) made.append(causeBody(cause)); });
  return made;
}

/** How many cases of each status count for this cause; each counts once, so that all of them add up. */
function countChips(cause) {
  const counts = countBy(cause.own, (one) => one.status), also = cause.cases.length - cause.own.length;
  return [run.severity.filter((status) => counts.has(status)).map((status) => h(`b.${status}`, { title: say(status) }, `${SIGNS[status]} ${number(counts.get(status))}`)),
    also > 0 && h("b.also", { title: `${number(also)} ${say("also")}` }, `${say("alsoShort")} ${number(also)}`)];
}

/** What came instead of what was expected, where the title does not say it. */
function evidenceLine(cause) {
  if (!cause.finding || cause.check === "contract.refuses") return null;
  const cut = (text) => visible(told(text).length > 90 ? `${told(text).slice(0, 90)}…` : told(text));
  return h("span.came", {}, cut(cause.finding.expected), " → ", h("b", {}, cut(cause.finding.actual)));
}

function methodNames(cause) {
  const names = [...new Set((cause.cases.length ? cause.cases : cause.blocked).map((one) => one.method))];
  return names.length > 2 ? `${names[0]} +${names.length - 1}` : names.join(", ");
}

function causeBody(cause) {
  const parts = [];
  if (cause.finding) parts.push(h("h3", {}, say("example")), comparison(cause.finding), h("p.clause", {}, visible(cause.finding.clause)));
  if (cause.cases.length) {
    const wanted = cause.finding ? { q: cause.check, status: run.severity.filter((status) => cause.cases.some((one) => one.status === status)) } : { status: cause.status };
    if (cause.check.startsWith("contract") && cause.about) wanted.requirement = cause.about;
    parts.push(h("h3", {}, say("affected")), caseList(cause.cases, 12, casesLink(wanted)));
  }
  if (cause.blocked.length) {
    const blame = [...new Set(cause.blocked.map((one) => one.cause))];
    parts.push(h("h3", {}, `${say("dependants")} · ${number(cause.blocked.length)}`),
      h("ul.cases", {}, [...countBy(cause.blocked, (one) => `${one.role}/${one.method}`)].map(([name, count]) => h("li", {},
        h("a", { href: casesLink({ status: "blocked", method: name.split("/")[1], q: blame.length === 1 ? blame[0] : "" }) }, sign("blocked"), h("span.id", {}, name), ` ${number(count)}`)))));
  }
  return h("div.body", {}, parts);
}

function roleTable() {
  const shown = run.severity.filter((status) => run.cases.some((one) => one.status === status));
  const roles = [...new Set(run.cases.map((one) => one.role))];
  return h("table.roles", {}, h("thead", {}, h("tr", {}, h("th", {}, say("role")), shown.map((status) => h("th", {}, pill(status))), h("th"))),
    h("tbody", {}, roles.map((role) => {
      const cases = run.cases.filter((one) => one.role === role), counts = countBy(cases, (one) => one.status);
      return h("tr", {}, h("th", { scope: "row" }, say(role)),
        shown.map((status) => h("td", {}, counts.has(status) && h("a", { href: casesLink({ role, status }) }, number(counts.get(status))))), h("td.wide", {}, bar(cases)));
    })));
}
