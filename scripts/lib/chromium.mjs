import { existsSync } from 'node:fs';
import { venvPython } from './python.mjs';
import { ask, Problem } from './run.mjs';

/** What systems call it: as NAMES in scripts/chromium.py. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium; installs one when there is none (scripts/chromium.py). Needs the virtual environment. */
export function ensureChromium() {
  const path = ask(venvPython, ['scripts/chromium.py'], { errors: true });
  if (path) return path;
  throw new Problem('The tests need a Chromium; the lines above say why there is none.');
}

/** Path or command of a Chromium that is there; undefined where there is none. LOOPSCOPE_CHROMIUM="" means none. */
export function findChromium() {
  const given = process.env.LOOPSCOPE_CHROMIUM;
  if (given !== undefined) return given && existsSync(given) ? given : undefined;
  const found = existsSync(venvPython) && ask(venvPython, ['scripts/chromium.py', '--find']);
  // Ubuntu's may be a stub that only says how to install it.
  return found || names.find((name) => ask(name, ['--version']) !== undefined);
}
