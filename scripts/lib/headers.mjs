// The response headers of netlify.toml, for Vite's development server.

import { join } from 'node:path';
import { root } from './paths.mjs';
import { findPython } from './python.mjs';
import { run } from './run.mjs';

/** The headers that the page itself is answered with. @returns {Record<string, string>} */
export function pageHeaders() {
  return JSON.parse(run(findPython(), [join(root, 'scripts/serve.py'), '--headers', '/'], { quiet: true }));
}
