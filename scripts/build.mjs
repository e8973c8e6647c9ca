// npm run build: the site into dist/.

import { buildSite } from './lib/build.mjs';
import { ensurePackages } from './lib/npm.mjs';
import { main } from './lib/run.mjs';

main(() => {
  ensurePackages();
  buildSite();
});
