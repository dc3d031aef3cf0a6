// Before each request: fills in the time, leaves empty parameters out, signs what is sent (design.md 6.1).
const md5 = require("crypto-js").MD5;
const get = (name) => String(pm.variables.get(name) || "");
if (!get("secret")) throw new Error(LACKING);
if (!get("run")) {
  const digits = Math.random().toString(36).slice(2).padEnd(5, "0").slice(0, 5);
  pm.collectionVariables.set("run", `Q${digits.toUpperCase()}0`); // begins the business keys of this run
}
const query = pm.request.url.query;
const params = {};
for (const { key, value } of query.all()) {
  if (key !== "sign" && !UNSIGNED.includes(key)) params[key] = pm.variables.replaceIn(value || "");
}
params.timestamp = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 19).replace("T", " ");
for (const key of Object.keys(params)) {
  if (params[key] === "") {
    query.remove(key);
    delete params[key];
  }
}
const signed = { ...params };
const form = pm.request.body.mode === "urlencoded";
for (const { key, value } of form ? pm.request.body.urlencoded.all() : []) {
  const text = pm.variables.replaceIn(value || "");
  if (text !== "") signed[key] = text;
}
const body = form ? "" : pm.variables.replaceIn(pm.request.body.raw);
const pairs = Object.keys(signed).sort().map((key) => key + signed[key]);
const secret = get("secret");
params.sign = md5(secret + pairs.join("") + body + secret).toString().toUpperCase();
for (const key of Object.keys(params)) query.upsert({ key, value: encodeURIComponent(params[key]) });
