// The packed run in, cases with names out, and the filter that all views share.
const FIELDS = { status: "status", level: "level", role: "role", method: "method", family: "family", requirement: "requirements" };
const LEVELS = ["must", "should", "may"];
const run = { head: {} };
const filter = { q: "" };

async function unpack(coded) {
  const bytes = Uint8Array.from(atob(coded), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

async function loadRun() {
  const data = await unpack(document.getElementById("data").textContent);
  Object.assign(run, data, { byId: new Map(), evidence: new Map() });
  const finding = ([check, level, path, expected, actual, clause, step]) => ({ check, level, path, expected, actual, clause, step });
  const findings = (data.findings ?? []).map(finding);
  run.cases = data.cases.map(([id, method, family, level, status, names, clause, cause, found, requests, ms, title, chunk], index) => ({
    index, id, role: data.methods[method][0], method: data.methods[method][1], family: data.families[family], level,
    status: data.severity[status], requirements: names.map((name) => data.names[name]), clause: data.texts[clause],
    cause: data.texts[cause], findings: found.map((one) => findings[one]).sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)), requests, ms, title: data.titles[title], chunk,
  }));
  run.causes = data.causes.map(([check, about, status, cases, blocked, found]) => ({
    check, about, status, cases: cases.map((index) => run.cases[index]), blocked: blocked.map((index) => run.cases[index]),
    finding: findings[found],
  }));
  run.requirements = data.requirements.map(([id, level, text, document, section, untested]) => ({ id, level, text, document, section, untested, cases: [] }));
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
  return (await run.evidence.get(one.chunk))[one.id] ?? null;
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
