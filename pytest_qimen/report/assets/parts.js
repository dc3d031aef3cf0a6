// Small things that several views show.
const view = (name) => document.getElementById(name);

const sign = (status) => h(`span.sign.${status}`, { title: say(status) }, SIGNS[status] ?? "·");
const pill = (status, text) => h(`span.pill.${status}`, {}, h("b", { "aria-hidden": "true" }, SIGNS[status] ?? "·"), text ?? say(status));
const code = (text) => h("code", {}, visible(text));
const level = (name) => h(`span.level.${name}`, {}, say(name));

function copyButton(text, label = say("copy")) {
  return h("button.copy", { type: "button", onclick: async (event) => {
    const button = event.currentTarget;
    try { await navigator.clipboard.writeText(text()); } catch { copyByHand(text()); }
    button.textContent = say("copied");
    setTimeout(() => { button.textContent = label; }, 1200);
  } }, label);
}

/** For pages that were opened from a file, where some browsers have no clipboard. */
function copyByHand(text) {
  const area = h("textarea", {});
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** The id with its last part strong, broken only at slashes and dots. */
function idText(id) {
  const at = id.indexOf("/", id.indexOf("/") + 1);
  return h("span.id", {}, h("span.where", {}, visible(id.slice(0, at + 1))), visible(id.slice(at + 1)));
}

const idLink = (one) => h("a", { href: caseLink(one.id) }, sign(one.status), idText(one.id));

/** Expected above actual, with what differs marked. */
function comparison(found) {
  const [one, other] = differ(told(found.expected), told(found.actual));
  return h("dl.compare", {},
    h("dt", {}, say("expected")), h("dd.expected", {}, marked(one)),
    h("dt", {}, say("actual")), h("dd.actual", {}, marked(other)));
}

/** A bar of the statuses in proportion, and its sentence for those who cannot see it. */
function bar(cases) {
  const counts = countBy(cases, (one) => one.status);
  const ordered = run.severity.filter((status) => counts.has(status));
  const label = ordered.map((status) => `${say(status)} ${counts.get(status)}`).join(", ");
  const made = h("span.bar", { role: "img", "aria-label": label, title: label });
  for (const status of ordered) {
    const part = h(`i.${status}`);
    part.style.flexGrow = counts.get(status);
    made.append(part);
  }
  return made;
}

function select(key, values, anything, name = (value) => value) {
  const made = h("select", { "aria-label": say(key), onchange: (event) => change(key, event.target.value ? [event.target.value] : []) },
    h("option", { value: "" }, anything),
    values.map((value) => h("option", { value, selected: filter[key]?.[0] === value && filter[key].length === 1 }, written(name(value)))));
  made.dataset.filter = key;
  return made;
}

/** At most `most` links to cases, then one to all of them. */
function caseList(cases, most, all) {
  return h("ul.cases", {}, cases.slice(0, most).map((one) => h("li", {}, idLink(one))),
    cases.length > most && h("li", {}, h("a", { href: all }, `${say("all")} ${number(cases.length)} →`)));
}
