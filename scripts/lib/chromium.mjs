import { venvPython } from './python.mjs';
import { ask, Problem } from './run.mjs';

/** Path of a Chromium; installs one when there is none (scripts/chromium.py). Needs the virtual environment. */
export function ensureChromium() {
  const path = ask(venvPython, ['scripts/chromium.py'], { errors: true });
  if (path) return path;
  throw new Problem('The tests need a Chromium; the lines above say why there is none.');
}
