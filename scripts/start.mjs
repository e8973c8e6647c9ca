// npm start: install what is missing, build, serve on a free port (or on PORT) with the headers of netlify.toml.

import { join } from 'node:path';
import { buildSite } from './lib/build.mjs';
import { ensurePackages } from './lib/npm.mjs';
import { root } from './lib/paths.mjs';
import { findPython } from './lib/python.mjs';
import { become, main } from './lib/run.mjs';

main(async () => {
  const python = findPython();
  ensurePackages();
  await buildSite();
  become(python, [join(root, 'scripts/serve.py'), '--port', process.env.PORT ?? '0']);
});
