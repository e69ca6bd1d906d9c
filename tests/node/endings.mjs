// What Node's fetch sees, a JSON line each time it sees something: {"data": text} or {"ended": how}.
// It asks twice, the second time on the same connection if that may be used again, and stops at the first error.
// Usage: node endings.mjs URL MILLISECONDS_OF_SILENCE

const [url, patience] = process.argv.slice(2);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");

async function ask() {
  const giveUp = new AbortController();
  const silence = setTimeout(() => giveUp.abort(), Number(patience));
  try {
    const response = await fetch(url, { signal: giveUp.signal });
    const text = new TextDecoder();
    for await (const part of response.body) {
      silence.refresh();
      say({ data: text.decode(part, { stream: true }) });
    }
    say({ ended: "complete" });
    return true;
  } catch (error) {
    const { cause } = error;
    const from = cause ? ` from ${cause.code ?? cause.name}: ${cause.message}` : "";
    say({ ended: `${error.name}: ${error.message}${from}` });
    return false;
  } finally {
    clearTimeout(silence);
  }
}

(await ask()) && (await ask());
