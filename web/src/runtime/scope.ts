/**
 * Takes out of the worker's scope what no program needs and a hostile one could use up the machine with. What shuts it in is
 * the sandbox; this is a second door behind it.
 */
const NEEDLESS = ['importScripts', 'Worker', 'SharedWorker', 'BroadcastChannel'];

export function narrowScope(): void {
  for (const name of NEEDLESS) {
    for (let scope: object | null = globalThis; scope; scope = Object.getPrototypeOf(scope)) {
      Reflect.deleteProperty(scope, name);
    }
  }
}

/** Pages of 64 kB: a gigabyte. */
const MOST_PAGES = 16_384;

/** Lets memory grow to a bound: beyond it Python raises MemoryError, and the machine goes on. */
export function boundMemory(): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength / 65_536 + pages > MOST_PAGES) throw new RangeError('too much memory');
    return grow.call(this, pages);
  };
}
