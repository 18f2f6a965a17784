/* Finds, for each part, a counter whose SHA-256 over "<nonce>:<part>:<counter>" begins with enough zero bits. The hash is
   computed here: crypto.subtle is missing on plain http, and asking it a hundred thousand times takes longer than this. */
"use strict";
const K = new Uint32Array(64);
const START = new Uint32Array(8);
(() => {
  /* The fractional parts of the roots of the first 64 primes, as FIPS 180-4 defines them. */
  const part = (x) => ((x - Math.floor(x)) * 4294967296) >>> 0;
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = part(Math.sqrt(n));
    K[found] = part(Math.cbrt(n));
    found += 1;
  }
})();
const W = new Uint32Array(64);

/* The first word and how many zero bits follow it: enough for at most 64 bits of work. */
function hash(text) {
  W.fill(0);
  const length = text.length;
  for (let i = 0; i < length; i += 1) W[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
  W[length >> 2] |= 0x80 << (24 - (length & 3) * 8);
  W[15] = length * 8;
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  const first = (START[0] + a) >>> 0;
  return first === 0 ? 32 + Math.clz32((START[1] + b) >>> 0) : Math.clz32(first);
}

onmessage = ({ data }) => {
  const answer = [];
  for (let part = 0; part < data.parts; part += 1) {
    const head = `${data.nonce}:${part}:`;
    let counter = 0;
    while (hash(head + counter) < data.bits) counter += 1;
    answer.push(counter);
    if (part + 1 < data.parts) postMessage({ done: part + 1 });
  }
  postMessage({ done: data.parts, answer: answer.join(",") });
};
