// The packed run in, cases with names out, and the filter that all views share.
const FIELDS = { status: "status", level: "level", role: "role", method: "method", family: "family", requirement: "requirements" };
const LEVELS = ["must", "should", "may"];
const run = { head: {} };
const filter = { q: "" };

/** What turns a row into an object, by the names of its columns. */
const byName = (columns) => (row) => Object.fromEntries(columns.map((name, place) => [name, row[place]]));

async function unpack(coded) {
  const bytes = Uint8Array.from(atob(coded), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

async function loadRun() {
  const data = await unpack(document.getElementById("data").textContent);
  Object.assign(run, data, { byId: new Map(), evidence: new Map() });
  const { columns } = data, findings = (data.findings ?? []).map(byName(columns.finding));
  run.cases = data.cases.map(byName(columns.case)).map((one, index) => ({
    ...one, index, role: data.methods[one.method][0], method: data.methods[one.method][1], family: data.families[one.family],
    status: data.severity[one.status], requirements: one.names.map((name) => data.names[name]), clause: data.texts[one.clause],
    cause: data.texts[one.cause], findings: one.findings.map((found) => findings[found]).sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)),
    ms: one.milliseconds, title: data.titles[one.title],
  }));
  const casesAt = (places) => places.map((index) => run.cases[index]);
  run.causes = data.causes.map(byName(columns.cause)).map((one) => ({ ...one, cases: casesAt(one.cases), own: casesAt(one.own), blocked: casesAt(one.blocked), finding: findings[one.finding] }));
  run.requirements = data.requirements.map(byName(columns.requirement)).map((one) => ({ ...one, cases: [] }));
  run.requirement = new Map(run.requirements.map((one) => [one.id, one]));
  for (const one of run.cases) {
    run.byId.set(one.id, one);
    for (const id of one.requirements) {
      if (!run.requirement.has(id)) {
        const unknown = { id, level: one.level, text: null, document: "", section: "", cases: [] };
        run.requirement.set(id, unknown);
        run.requirements.push(unknown);
      }
      run.requirement.get(id).cases.push(one);
    }
  }
}

/** The recorded messages of a case; null where the file has none. */
async function evidenceOf(one) {
  if (one.chunk < 0) return null;
  if (!run.evidence.has(one.chunk)) run.evidence.set(one.chunk, unpack(document.querySelectorAll(".chunk")[one.chunk].textContent));
  const found = (await run.evidence.get(one.chunk))[one.id], message = byName(run.columns.message);
  return found?.map(byName(run.columns.exchange)).map((each) => ({ ...each, request: message(each.request), answer: message(each.answer) })) ?? null;
}

const countBy = (cases, key) => {
  const found = new Map();
  for (const one of cases) found.set(key(one), (found.get(key(one)) ?? 0) + 1);
  return found;
};
const worst = (cases) => run.severity.find((status) => cases.some((one) => one.status === status)) ?? "none";
const isRed = (status) => run.red.includes(status);

const haystack = (one) => (one.text ??= [one.id, one.status, one.cause, one.title?.join(" "), ...one.requirements,
  ...one.findings.flatMap((found) => [found.check, found.path, found.expected, found.actual])].join("\n").toLowerCase());

/** The cases that the filter lets through. */
function chosen() {
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = Object.keys(FIELDS).filter((key) => filter[key]?.length);
  return run.cases.filter((one) =>
    wanted.every((key) => [one[FIELDS[key]]].flat().some((value) => filter[key].includes(value))) &&
    words.every((word) => haystack(one).includes(word)));
}

/** The address of the cases that `wanted` lets through: #cases?status=fail,warn&q=… */
function casesLink(wanted) {
  const pairs = Object.entries(wanted).filter(([, value]) => value?.length)
    .map(([key, value]) => `${key}=${encodeURIComponent([value].flat().join(","))}`);
  return pairs.length ? `#cases?${pairs.join("&")}` : "#cases";
}
const caseLink = (id) => `#case/${id.split("/").map(encodeURIComponent).join("/")}`;

function setFilter(query) {
  for (const key of [...Object.keys(FIELDS), "q"]) {
    const value = query.get(key) ?? "";
    filter[key] = key === "q" ? value : value.split(",").filter(Boolean);
  }
}
