/**
 * Chance made repeatable. Under the virtual clock the same program with the same seed must do the same on every machine:
 * os.urandom, uuid4, secrets and an unseeded Random all draw from the one place that is replaced here.
 */
export function seedChance(seed: number): void {
  const next = splitmix(seed);
  crypto.getRandomValues = <T extends ArrayBufferView | null>(view: T): T => {
    if (view) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      for (let i = 0; i < bytes.length; i++) bytes[i] = next();
    }
    return view;
  };
}

/** SplitMix32: small, and good enough for what is no secret. */
function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
