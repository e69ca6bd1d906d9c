// What a script here prints: {"told": {claim: {"value": ...} or {"error": ...}}, "elsewhere": [host, ...]}.
// Each function asks with a key of its own, `sk-mock-` and its name. Other hosts than this one are refused, and named.

import net from "node:net";

const HERE = new Set([undefined, "127.0.0.1", "::1", "localhost"]);
const elsewhere = [];
const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function (...given) {
  const [{ host }] = Array.isArray(given[0]) ? given[0] : given;
  if (!HERE.has(host)) {
    elsewhere.push(host);
    throw new Error(`the tests may not talk to ${host}`);
  }
  return connect.apply(this, given);
};

export async function tell(asks) {
  const told = {};
  for (const [claim, ask] of Object.entries(asks)) {
    try {
      told[claim] = { value: (await ask(`sk-mock-${claim}`)) ?? null };
    } catch (error) {
      told[claim] = { error: `${error.name}: ${error.message}` };
    }
  }
  console.log(JSON.stringify({ told, elsewhere }));
}

export async function all(stream) {
  const found = [];
  for await (const each of stream) found.push(each);
  return found;
}
