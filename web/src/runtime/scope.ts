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
