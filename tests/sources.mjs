// The page's own modules for scripts that run in Node: TypeScript is compiled as it is asked for.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, createServerModuleRunner } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A way to import what stands in web/src, by its path there; and an end to it. */
export async function openSources() {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true, watch: null, ws: false },
  });
  const load = createServerModuleRunner(server.environments.ssr);
  return {
    source: (/** @type {string} */ name) => load.import(join(root, 'web/src', name)),
    close: () => server.close(),
  };
}
