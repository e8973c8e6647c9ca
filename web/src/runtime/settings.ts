export interface RuntimeSettings {
  /** False: park without JSPI. */
  jspi?: boolean;
  /** False: no memory shared with the worker. */
  shared?: boolean;
}

/**
 * How the page would run elsewhere: `?without=jspi` as in engines that can't suspend WebAssembly, `?without=shared` as where
 * memory can't be shared with the worker, `?without=jspi,shared` both.
 */
export function settingsOf(search: string): RuntimeSettings {
  const without = (new URLSearchParams(search).get('without') ?? '').split(',');
  return { jspi: !without.includes('jspi'), shared: !without.includes('shared') };
}
