// npm run build: the site into dist/.
//
//   npm run build -- --release   as small as can be, with a snapshot of Python's memory if a Chromium can be installed

import { buildSite } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensurePackages } from './lib/npm.mjs';
import { ensureVenv } from './lib/python.mjs';
import { main, Problem } from './lib/run.mjs';

main(async () => {
  const release = process.argv.includes('--release');
  ensurePackages();
  if (release) ensureBrowser();
  await buildSite({ release });
});

/** The build does without one, and says so. */
function ensureBrowser() {
  try {
    ensureVenv();
    ensureChromium();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.warn(error.message);
  }
}
