export interface RuntimeSettings {
  /** False: park without JSPI. */
  jspi?: boolean;
  /** False: no memory shared with the worker. */
  shared?: boolean;
  /** False: Python starts from its library, not from the build's snapshot of its memory. */
  snapshot?: boolean;
}

/** What a sandbox is to be like. */
export function sandboxOptions({ jspi, shared, snapshot }: RuntimeSettings) {
  return { jspi: jspi !== false, shared: shared !== false, snapshot: snapshot !== false };
}

/**
 * How the page would run elsewhere: `?without=jspi` as in engines that can't suspend WebAssembly, `?without=shared` as where
 * memory can't be shared with the worker, `?without=snapshot` as from a build without one, `?without=jspi,shared` both.
 */
export function settingsOf(search: string): RuntimeSettings {
  const without = (new URLSearchParams(search).get('without') ?? '').split(',');
  const has = (name: string): boolean => !without.includes(name);
  return { jspi: has('jspi'), shared: has('shared'), snapshot: has('snapshot') };
}
