// The live page: follows the server's events, polls where the stream breaks, and draws what is in sight.
const SEVERITY = ["fail", "stale", "error", "blocked", "untested", "warn", "waived", "pass", "info", "unsupported"];
const run = { head: {}, state: {}, rows: [], severity: SEVERITY, said: {}, checks: {}, order: {}, byId: new Map() };
const VIEWS = { runs: drawRuns, tasks: drawTasks, calls: drawList, methods: drawMethods };
const hasTasks = () => Boolean(run.state.attended || run.state.scenarios?.length);
const THEMES = ["auto", "light", "dark"];
let at = "", current = "calls", follows = "lost", waits = 0, held = false;

const isCaller = () => run.head.side !== "endpoint";
const milliseconds = (value) => (value >= 1000 ? `${+(value / 1000).toPrecision(3)} s` : `${+value.toPrecision(3)} ms`);

/** What the server says under a name; null where it has nothing of it, or is gone. */
async function ask(name) {
  try {
    const answer = await fetch(name, { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch { return null; }
}

function take(news) {
  if (!news) return;
  const at0 = at;
  at = news.at;
  const last = run.rows.at(-1)?.n ?? 0;
  if (news.rows.length && news.rows[0].n <= last) run.rows = [];
  run.rows = run.rows.concat(news.rows).slice(-MOST);
  if (news.state) { run.state = news.state; run.head = news.state.head; task.got = performance.now(); }
  if (isHome() && current !== "runs") location.hash = "runs";
  if (!at0 && news.state?.attended && !location.hash) location.hash = "tasks";
  drawSoon();
}

function follow() {
  const stream = new EventSource(`events?after=${at}`);
  stream.onopen = () => { follows = "on"; drawSoon(); };
  stream.onmessage = (event) => take(JSON.parse(event.data));
  stream.onerror = async () => {
    stream.close();
    const news = await ask(`poll?after=${at}`);
    follows = news ? "on" : "lost";
    take(news);
    drawSoon();
    if (!run.state.ended || news) setTimeout(follow, news ? 1000 : 3000);
  };
}

/** Draw in a moment; not while a button is held down, for a click needs the element on which it began. */
function drawSoon() {
  if (!waits) waits = setTimeout(() => { waits = 0; if (!held) draw(); }, 60);
}

function draw() {
  const focus = document.activeElement?.dataset?.focus;
  drawTop();
  drawNow();
  VIEWS[current]();
  if (focus && document.activeElement === document.body) document.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  document.documentElement.dataset.ready = "true";
}

function drawNow() {
  const { head, state } = run, over = state.ended, how = over ? "over" : follows;
  fill(view("now"), h(`span.follows.${how}`, {}, say(how === "on" ? "follows" : how)), over && h("b", { id: "ended" }, say(over)),
    !isHome() && h("span", { id: "count" }, number(state.total ?? 0), state.expected > 0 && !isCaller() && ` ${say("of")} ${number(state.expected)}`, ` ${say(isCaller() ? "came" : "casesCame")}`), state.lag > 0 && h("span", {}, `${number(state.lag)} ${say("lag")}`),
    head.target && head.target !== head.url && h("span", {}, visible(head.target)), head.url && h("code", {}, `${say(isCaller() ? "listensAt" : "asks")} `, visible(head.url)));
}

function drawTop() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-word]").forEach((one) => { one.textContent = say(one.dataset.word); });
  view("nav").replaceChildren(...Object.keys(VIEWS).filter((name) => (isHome() ? name === "runs" : name !== "runs" && (name !== "tasks" || hasTasks()))).map((name) => h("a", { href: `#${name}`, "data-view": name, "data-focus": name, "aria-current": name === current ? "page" : "false" }, say(name === "calls" && !isCaller() ? "cases" : name))));
  view("search").placeholder = say("searchLive");
  view("search").hidden = isHome();
  view("language").textContent = say("language");
  document.title = `${run.head.target ?? ""} · ${say("live")}`;
  showTheme();
}

function showTheme() {
  const theme = kept.get("theme") ?? "auto";
  document.documentElement.dataset.theme = theme;
  view("theme").title = `${say("theme")}: ${say(theme)}`;
  view("theme").setAttribute("aria-label", view("theme").title);
}

function route() {
  const name = location.hash.slice(1);
  current = VIEWS[name] ? name : "calls";
  for (const key of Object.keys(VIEWS)) view(key).hidden = key !== current;
  draw();
}

function changeLanguage() {
  language = language === "zh" ? "en" : "zh";
  kept.set("language", language);
  draw();
  if (list.open) drawDetail();
}

function onKey(event) {
  const typing = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing) view("search").focus();
  else if (event.key === "Escape" && list.open) closeRow();
  else if (event.key === "Escape" && event.target.id === "search") { event.target.value = ""; change("q", ""); }
  else if (current === "calls" && !typing && ["ArrowDown", "ArrowUp"].includes(event.key) && !event.target.closest("#detail")) moveRow(event.key === "ArrowDown" ? 1 : -1);
  else return;
  event.preventDefault();
}

language = kept.get("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
addEventListener("hashchange", route);
addEventListener("pointerdown", () => { held = true; });
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { held = false; drawSoon(); });
addEventListener("keydown", onKey);
view("search").addEventListener("input", (event) => { if (current !== "calls") location.hash = "calls"; change("q", event.target.value); });
view("language").addEventListener("click", changeLanguage);
view("theme").addEventListener("click", () => { kept.set("theme", THEMES[(THEMES.indexOf(kept.get("theme") ?? "auto") + 1) % THEMES.length]); showTheme(); });
drawList();
route();
follow();
