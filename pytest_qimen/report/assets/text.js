// Texts from outside in, elements out: what hides is written out, what differs is marked, messages are laid out.
const INVISIBLE = /([\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}])/u;
const LINES = 3000;

/** An element with attributes and children; a text is only ever a text. */
function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const named = (sign) => `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** The same as one string, for places that hold no elements. */
const written = (text) => String(text).split(INVISIBLE).map((part, index) => (index % 2 ? `<${named(part)}>` : part)).join("");

/** The text with control characters and marks that hide or turn text written out. */
function visible(text, lines = false) {
  const keep = lines ? "\n\t" : "\t";
  return String(text).split(INVISIBLE).map((part, index) =>
    index % 2 === 0 || keep.includes(part) ? part : h("span.hidden-sign", {}, named(part)));
}

/** The two texts as [same?, text] runs each; whole where they have too little in common. */
function differ(one, other) {
  const most = one.match(/^at most (\d+) characters/), found = most && other.match(/^(\d+: ['"])([^]*)(['"])$/);
  if (found) {
    const signs = [...found[2]];
    return [[[true, one]], [[true, found[1] + signs.slice(0, most[1]).join("")], [false, signs.slice(most[1]).join("")], [true, found[3]]]];
  }
  const a = [...one], b = [...other];
  let head = 0, tail = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const [keepA, keepB] = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const runs = (all, kept) => {
    const found = [];
    all.forEach((sign, index) => {
      const same = index < head || index >= all.length - tail || kept[index - head];
      if (found.length && found.at(-1)[0] === same) found.at(-1)[1] += sign;
      else found.push([same, sign]);
    });
    return found;
  };
  const shared = head + tail + keepA.filter(Boolean).length;
  if (shared < 0.4 * Math.min(a.length, b.length)) return [[[true, one]], [[true, other]]];
  return [runs(a, keepA), runs(b, keepB)];
}

/** Which signs of each belong to runs of three and more that both have, in order. */
function common(a, b) {
  const keepA = a.map(() => false), keepB = b.map(() => false);
  if (a.length * b.length > 400_000) return [keepA, keepB];
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    let run = 0;
    while (i + run < a.length && j + run < b.length && a[i + run] === b[j + run]) run++;
    if (run) {
      if (run > 2) { keepA.fill(true, i, i + run); keepB.fill(true, j, j + run); }
      i += run; j += run;
    } else if (table[i + 1][j] >= table[i][j + 1]) i++;
    else j++;
  }
  return [keepA, keepB];
}

const marked = (runs) => runs.map(([same, text]) => (same ? visible(text, true) : h("mark", {}, visible(text, true))));

/** A body laid out as [depth, text, path] lines: XML by its elements, JSON, or a form by its fields. */
function layOut(text, kind) {
  if (/^\s*\uFEFF?\s*</.test(text)) return xmlLines(text);
  try {
    if (/^\s*[[{]/.test(text)) return JSON.stringify(JSON.parse(text), null, 2).split("\n").map((line) => [0, line, ""]);
  } catch { /* no JSON after all */ }
  if (kind.includes("urlencoded") && /^[^\s<]+=/.test(text)) return text.split("&").map(formLine);
  return text.split("\n").map((line) => [0, line, ""]);
}

function formLine(pair) {
  const [name, value] = [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)].map((part) => {
    try { return decodeURIComponent(part.replaceAll("+", " ")); } catch { return part; }
  });
  return [0, `${name} = ${value}`, name];
}

function xmlLines(text) {
  const tokens = text.match(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[?!][^>]*>|<[^<>]*>?|[^<]+/g) ?? [];
  const lines = [], stack = [], counts = [new Map()];
  const path = () => stack.slice(1).join(".");
  for (let at = 0; at < tokens.length && lines.length < LINES; at++) {
    const token = tokens[at], depth = Math.min(stack.length, 24);
    if (/^<[^!?/]/.test(token)) {
      const name = token.match(/^<([^\s/>]*)/)[1], seen = counts.at(-1);
      seen.set(name, (seen.get(name) ?? 0) + 1);
      stack.push(`${name}[${seen.get(name)}]`);
      const leaf = !token.endsWith("/>") && leafLength(tokens, at, name);
      lines.push([depth, leaf ? tokens.slice(at, at + leaf).join("") : token, path()]);
      if (leaf || token.endsWith("/>")) { stack.pop(); at += Math.max(0, (leaf || 1) - 1); }
      else counts.push(new Map());
    } else if (token.startsWith("</")) {
      if (stack.length) { stack.pop(); counts.pop(); }
      lines.push([Math.min(stack.length, 24), token, ""]);
    } else if (token.trim()) lines.push([depth, token.trim(), path()]);
  }
  return lines;
}

/** How many tokens an element without children takes; 0 for one with children. */
function leafLength(tokens, at, name) {
  for (let next = at + 1; next < Math.min(tokens.length, at + 6); next++)
    if (tokens[next].startsWith("</")) return tokens[next].startsWith(`</${name}`) ? next - at + 1 : 0;
    else if (/^<[^!]/.test(tokens[next])) return 0;
  return 0;
}

const schematic = (path) => path.replace(/\[\d*\]/g, "");

/** The lines with one for each of `paths` that is absent below a group that is there, where `order` puts it. */
function withGhosts(lines, paths, order = []) {
  const shown = [...lines];
  for (const path of paths.map(schematic)) {
    const at = path.lastIndexOf("."), name = path.slice(at + 1), parent = path.slice(0, Math.max(0, at));
    if (!order.includes(path) || lines.some((line) => line[2] && schematic(line[2]) === path)) continue;
    const start = shown.findIndex((line) => (parent ? line[2] && schematic(line[2]) === parent : !line[2] && /^<[^?!/]/.test(line[1])));
    if (start < 0 || !/^<[^>]*[^/]>$/.test(shown[start][1])) continue;
    const depth = shown[start][0] + 1, place = order.indexOf(path);
    let next = start + 1;
    for (let line = start + 1; line < shown.length && shown[line][0] >= depth; line++)
      if (shown[line][0] > depth || /^<\//.test(shown[line][1]) || order.indexOf(schematic(shown[line][2])) < place) next = line + 1;
    shown.splice(next, 0, [depth, `<${name}/>`, `${path}`, true]);
  }
  return shown;
}

/** The lines as elements; those at one of `paths` are marked, or the nearest ones above where there are none. */
function showLines(lines, paths) {
  const wanted = new Set();
  for (const path of paths)
    for (let name = path; name; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
      const exact = /\[\d/.test(name) ? name.split(".").map((part) => (part.endsWith("]") ? part : `${part}[1]`)).join(".") : "";
      const hits = lines.filter((line) => line[2] && (exact ? line[2] === exact : schematic(line[2]) === schematic(name)));
      hits.forEach((line) => wanted.add(line));
      if (hits.length) break;
      if (!name.includes(".")) wanted.add(lines.find((line) => /^<[^?!]/.test(line[1])));
    }
  return lines.slice(0, LINES).map((line) => h(wanted.has(line) ? "span.line.here" : "span.line", {}, "  ".repeat(line[0]),
    line[3] ? h("s.ghost", {}, visible(line[1])) : visible(line[1], true), line[3] && h("em.ghost", {}, ` ${say("absent")}`)));
}

/** Base64 in, the bytes as text out, those that are no printable ASCII as \xNN. */
const bytesText = (coded) => [...atob(coded)].map((sign) =>
  /[\n\x20-\x7e]/.test(sign) ? sign : `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");

const quote = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);

/** The request as a curl command; a body that no shell word can hold comes through printf. */
function curl({ method: verb, url, headers, body, binary: coded, options = [] }) {
  const words = ["curl", "-sS", ...options, "-X", verb, url, ...headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`])].map(quote);
  if (!body) return words.join(" ");
  if (!coded && !/[\x00-\x08\x0b-\x1f\x7f]/.test(body)) return [...words, "--data-raw", quote(body)].join(" ");
  const bytes = coded ? Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0)) : new TextEncoder().encode(body);
  const octal = [...bytes].map((byte) => {
    const sign = String.fromCharCode(byte);
    return /[\w <>="/.:,;+]/.test(sign) ? sign : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
  return `printf '${octal}' | ${[...words, "--data-binary", "@-"].join(" ")}`;
}
