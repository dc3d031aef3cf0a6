// The page of `qimen ui`: a form that starts a run, and the runs with what they print, their page and report.
const wish = { kind: "endpoint", roles: [] };
const isHome = () => run.head.side === "ui";
const KIND_WORDS = { endpoint: ["runEndpoint", "runEndpointHelp"], listen: ["runListen", "runListenHelp"], scenarios: ["runScenarios", "runScenariosHelp"] };

function drawRuns() {
  if (!view("start") || wish.language !== language) {
    wish.language = language;
    view("runs").replaceChildren(h("form.task", { id: "start", onsubmit: start }), h("div", { id: "all-runs" }));
    drawForm();
  }
  const runs = run.state.runs ?? [];
  fill(view("all-runs"), h("h2", {}, say("runs"), h("small", {}, visible(`${run.state.folder ?? ""}`))), run.state.remembers && h("p", {}, h("a", { href: "history", target: "_blank", rel: "noopener" }, say("history"))),
    ...(runs.length ? runs.map(runBox) : [h("p.none", {}, say("noRuns"))]));
}

function drawForm() {
  const keys = Object.entries(run.state.keys ?? {});
  const input = (name, label, more = {}) => h("label.field", {}, label, h("input", { name, type: "text", autocomplete: "off", spellcheck: "false", value: wish[name] ?? "", oninput: (event) => { wish[name] = event.target.value; }, ...more }));
  const endpoint = wish.kind === "endpoint";
  fill(view("start"), h("h1", {}, say("startRun")),
    h("div.buttons", { role: "group" }, Object.entries(KIND_WORDS).map(([kind, [word]]) => h("button", { type: "button", "data-kind": kind, "aria-pressed": String(wish.kind === kind), onclick: () => { wish.kind = kind; drawForm(); } }, say(word)))),
    h("p", {}, say(KIND_WORDS[wish.kind][1])), endpoint && input("url", say("urlField")), input("target", say("targetField"), { placeholder: "target.toml" }),
    endpoint ? h("div.buttons", { role: "group" }, ["wms", "erp", "store", "wdk"].map((role) => h("label.toggle", {}, h("input", { type: "checkbox", name: role, checked: wish.roles.includes(role), onchange: (event) => { wish.roles = wish.roles.filter((one) => one !== role).concat(event.target.checked ? role : []); } }), say(role))), h("small", {}, say("rolesHelp")))
      : input("port", say("portField"), { placeholder: "0" }),
    h("p.why", {}, say("keysHelp"), " ", keys.map(([name, there]) => [code(name), there ? ` ${say("isSet")} ` : ` ${say("isNotSet")} `])),
    h("div.buttons", {}, h("button", { type: "submit" }, say("startButton"))), h("p.warning", { id: "not-started", role: "alert" }));
}

async function send(name, body) {
  try {
    const sent = await fetch(name, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return sent.ok ? await sent.json() : {};
  } catch { follows = "lost"; drawSoon(); return {}; }
}

async function start(event) {
  event.preventDefault();
  const { kind, url = "", target = "", port = "", roles } = wish;
  const found = await send("start", { kind, target, port, ...(kind === "endpoint" ? { url, roles } : {}) });
  view("not-started").replaceChildren(found.started ? "" : h("span", {}, visible(found.why ? pick(found.why) : say("lost"))));
}

function runBox(one) {
  const over = one.status !== null, how = !over ? "runOn" : one.status === 0 ? "runGreen" : one.status === 1 ? "runRed" : "runBroke";
  return h("article.task", { "data-run": one.number }, h("p.title", {}, h("b", {}, `${one.number}. ${say(KIND_WORDS[one.kind][0])}`), " ", code(one.about), " ", h("b", { "data-how": how }, say(how))),
    h("div.buttons", {}, one.page && !over && h("a.chip", { href: one.page, target: "_blank", rel: "noopener" }, say("watch")), one.report && h("a.chip", { href: `report/${one.number}`, target: "_blank", rel: "noopener" }, say("openReport")),
      !over && h("button", { type: "button", "data-stop": one.number, onclick: () => send("stop", { number: one.number }) }, say("stopRun"))),
    h("details", { open: over && one.status > 1 }, h("summary", {}, say("printed")), h("pre.message", {}, visible(one.lines.join("\n"), true))));
}
