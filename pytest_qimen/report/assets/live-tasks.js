// What a person is asked to do now, and the scenarios: which wait, which one is on, how the others ended.
const kept = {
  get(key) { try { return localStorage.getItem(`qimen-${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`qimen-${key}`, value); } catch { /* a private window has no storage */ } },
};
const task = { number: 0, got: 0, name: kept.get("name") ?? "", note: "", said: "" };

/** The seconds that are left, counted on from when the server told them. */
const left = (asked) => Math.max(0, Math.round(asked.seconds - (performance.now() - task.got) / 1000));

function drawTasks() {
  const asked = run.state.ended ? null : run.state.task;
  if (!view("asked")) view("tasks").replaceChildren(h("div", { id: "asked" }), h("div", { id: "scenarios" }));
  if (task.number !== (asked?.number ?? -1) || task.language !== language) drawAsked(asked);
  const clock = view("left");
  if (clock) clock.textContent = `${left(asked)} s`;
  drawScenarios(asked);
}

function drawAsked(asked) {
  if (task.number !== asked?.number) Object.assign(task, { note: "", said: "" });
  task.number = asked?.number ?? -1;
  task.language = language;
  if (!asked) { view("asked").replaceChildren(h("p.none", {}, say(run.state.ended ? "tasksOver" : run.state.attended ? "tasksNone" : "tasksDriver"))); return; }
  const press = (word, more = {}) => pressed({ number: asked.number, pressed: word, note: task.note, ...more });
  const field = (key, label, more = {}) => h("label.field", {}, label, h("input", { type: "text", autocomplete: "off", maxlength: 100, "data-field": key, ...more }));
  const kinds = { do: doing, see: seeing, attest: attesting };
  fill(view("asked"), h("article.task", {}, h("h1", {}, say({ do: "askDo", see: "askSee", attest: "askAttest" }[asked.kind])), h("p.title", {}, visible(pick(asked.title)), " ", code(asked.scenario)),
    h("p.words", {}, visible(pick(asked.words))), asked.key && h("p", {}, `${say("document")} `, code(asked.key), " ", copyButton(() => asked.key)),
    h("p.clock", {}, `${say("timeLeft")} `, h("b", { id: "left" })), ...kinds[asked.kind](asked, press, field), h("p.warning", { id: "refused", role: "alert" })));
}

const PRESSES = { did: "pressDid", failed: "pressFailed", skip: "pressSkip", cannot: "pressCannot", success: "pressSuccess", failure: "pressFailure", pending: "pressPending", unknown: "pressUnknown", yes: "pressYes", no: "pressNo" };
const button = (word, onclick) => h("button", { type: "button", "data-press": word, onclick }, say(PRESSES[word]));

function doing(asked, press, field) {
  return [h("p", {}, say("doHelp")), h("div.buttons", {}, button("did", () => press("did")), button("failed", () => press("failed")), button("skip", () => press("skip"))),
    h("div.buttons", {}, field("note", say("why"), { maxlength: 300, oninput: (event) => { task.note = event.target.value; } }), button("cannot", () => press("cannot")))];
}

function seeing(asked, press, field) {
  const values = () => Object.fromEntries([...document.querySelectorAll("[data-value]")].map((one) => [one.dataset.value, one.value]));
  return [h("p", {}, say("seeHelp")), ...asked.values.map((name) => field(name, name, { "data-value": name })),
    h("div.buttons", {}, ["success", "failure", "pending", "unknown", "skip"].map((word) => button(word, () => press(word, { values: values() }))))];
}

function attesting(asked, press, field) {
  return [h("p", {}, say("attestHelp")), field("name", say("yourName"), { value: task.name, oninput: (event) => { task.name = event.target.value; kept.set("name", task.name); } }),
    h("div.buttons", {}, ["yes", "no", "skip"].map((word) => button(word, () => press(word, { name: task.name }))))];
}

async function pressed(answer) {
  try {
    const sent = await fetch("press", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(answer) });
    const found = await sent.json();
    if (view("refused")) view("refused").textContent = found.taken ? "" : say(found.why === "over" ? "pressOver" : "pressIncomplete");
  } catch { follows = "lost"; drawSoon(); }
}

function drawScenarios(asked) {
  const all = run.state.scenarios ?? [], wait = all.filter((one) => !one.status).length;
  const rows = all.map((one) => h("tr", { "data-scenario": one.id }, h("td", {}, one.status ? pill(one.status) : one.id === asked?.scenario ? h("b", {}, say("isOn")) : h("span.why", {}, say("waits"))),
    h("td", {}, level(one.level)), h("td", {}, visible(pick(one.title)), " ", h("small", {}, visible(one.id)))));
  fill(view("scenarios"), h("h2", {}, say("scenarios"), h("small", {}, `${number(all.length - wait)} / ${number(all.length)}`)), h("table.why", {}, h("tbody", {}, rows)));
}

setInterval(() => { const asked = run.state.task; if (view("left") && asked) view("left").textContent = `${left(asked)} s`; }, 500);
