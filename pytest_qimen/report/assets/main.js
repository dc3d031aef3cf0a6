// The address decides what is shown; keys, language and theme.
const VIEWS = { overview: drawOverview, matrix: drawMatrix, requirements: drawRequirements, cases: drawCases, latency: drawLatency, untested: drawUntested };
const THEMES = ["auto", "light", "dark"];
const drawn = new Set();
let current = "";

const kept = {
  get(key) { try { return localStorage.getItem(`qimen-${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`qimen-${key}`, value); } catch { /* a file may have no storage */ } },
};

function draw(name) {
  VIEWS[name]();
  drawn.add(name);
}

/** Show the address at once, so that the next key meets it; `quietly` without a step in the history. */
function go(address, quietly = false) {
  if (quietly || location.hash === address) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  route();
}

function route() {
  const [path, query] = location.hash.slice(1).split("?"), [head, ...rest] = path.split("/").map(decode);
  const name = head === "case" ? "cases" : VIEWS[head] ? head : "overview", id = rest.join("/");
  if (head === "cases") setFilter(new URLSearchParams(query ?? ""));
  const one = head === "case" ? run.byId.get(id) : null;
  if (one && !chosen().includes(one)) setFilter(new URLSearchParams());
  list.open = one ?? null;
  show(name);
  if (name === "cases") { view("search").value = filter.q; showCase(one ?? null); if (one) selectRow(list.cases.indexOf(one)); }
  announce(head === "case" && !one ? say("unknownCase") + id : "");
  if (head === "requirements" && id) mark(document.getElementById(`requirement/${id}`));
}

function decode(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

function show(name) {
  for (const key of Object.keys(VIEWS)) view(key).hidden = key !== name;
  document.querySelectorAll("#nav a").forEach((link) => link.setAttribute("aria-current", link.dataset.view === name ? "page" : "false"));
  if (name === "cases" || !drawn.has(name)) draw(name);
  if (current !== name) scrollTo(0, 0);
  current = name;
}

function mark(row) {
  document.querySelector("tr.target")?.classList.remove("target");
  row?.classList.add("target");
  row?.scrollIntoView({ block: "center" });
}

const announce = (text) => { view("said").textContent = text; };

function drawTop() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-word]").forEach((one) => { one.textContent = say(one.dataset.word); });
  const troubles = run.cases.filter((one) => ["blocked", "untested", "error", "unsupported", "waived"].includes(one.status)).length;
  const counts = { cases: run.cases.length, overview: 0, untested: troubles };
  view("nav").replaceChildren(...Object.keys(VIEWS).map((name) => h("a", { href: `#${name}`, "data-view": name, "aria-current": name === current ? "page" : "false" }, say(name), counts[name] > 0 && h("small", {}, number(counts[name])))));
  view("search").placeholder = say("search");
  view("language").textContent = say("language");
  view("help").title = say("keysTitle");
  view("help").setAttribute("aria-label", say("keysTitle"));
  drawKeys();
  showTheme();
}

function drawKeys() {
  const rows = [["?", "keyHelp"], ["/", "keySearch"], ["↑ ↓", "keyMove"], ["PgUp PgDn", "keyPage"], ["Enter", "keyOpen"], ["Esc", "keyBack"]];
  view("keys").setAttribute("aria-label", say("keysTitle"));
  view("keys").replaceChildren(h("h2", {}, say("keysTitle")), h("dl", {}, rows.map(([key, what]) => [h("dt", {}, key.split(" ").map((one) => [h("kbd", {}, one), " "])), h("dd", {}, say(what))])),
    h("button", { type: "button", onclick: () => view("keys").close() }, say("close")));
}

const showKeys = () => { if (!view("keys").open) view("keys").showModal(); };

function showTheme() {
  const theme = kept.get("theme") ?? "auto";
  document.documentElement.dataset.theme = theme;
  view("theme").title = `${say("theme")}: ${say(theme)}`;
  view("theme").setAttribute("aria-label", view("theme").title);
}

function changeLanguage() {
  language = language === "zh" ? "en" : "zh";
  kept.set("language", language);
  drawn.clear();
  drawTop();
  route();
}

function changeTheme() {
  kept.set("theme", THEMES[(THEMES.indexOf(kept.get("theme") ?? "auto") + 1) % THEMES.length]);
  document.documentElement.dataset.theme = kept.get("theme") ?? "auto";
  showTheme();
}

function onKey(event) {
  const typing = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || view("keys").open) return;
  if (event.key === "/" && !typing) { view("search").focus(); view("search").select(); }
  else if (event.key === "?" && !typing) showKeys();
  else if (event.key === "Escape") escape(event, typing);
  else if (current !== "cases" || (typing && event.target.id !== "search")) return;
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
  else if (["PageDown", "PageUp"].includes(event.key) && !event.target.closest("#detail")) move(event.key === "PageDown" ? 15 : -15);
  else if (event.key === "Enter" && !event.target.closest("a, button, #detail")) openCase(list.at);
  else return;
  event.preventDefault();
}

function escape(event, typing) {
  if (list.open) closeCase();
  else if (event.target.id === "search" && filter.q) { view("search").value = ""; change("q", ""); }
  else if (typing) event.target.blur();
}

function move(step) {
  if (list.open) openCase(list.at + step);
  else selectRow(list.at + step);
}

/** On paper nothing can be unfolded: everything is drawn, and what is red is written out. */
function beforePrint() {
  Object.keys(VIEWS).filter((name) => name !== "cases" && !drawn.has(name)).forEach(draw);
  const red = run.cases.filter((one) => isRed(one.status)).slice(0, 300);
  document.getElementById("appendix")?.remove();
  if (red.length) view("main").append(h("section.appendix", { id: "appendix" }, h("h1", {}, say("appendix")), red.map((one) => h("article", {}, caseHead(one), findingList(one), againBox(one)))));
}

async function boot() {
  if (!("DecompressionStream" in window)) { announce(say("old")); return; }
  language = kept.get("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  await loadRun();
  drawTop();
  route();
  addEventListener("hashchange", route);
  addEventListener("keydown", onKey);
  addEventListener("beforeprint", beforePrint);
  view("search").addEventListener("input", (event) => change("q", event.target.value));
  view("language").addEventListener("click", changeLanguage);
  view("theme").addEventListener("click", changeTheme);
  view("help").addEventListener("click", showKeys);
  document.documentElement.dataset.ready = "true";
}

boot().catch((error) => { announce(say("broken") + error); throw error; });
