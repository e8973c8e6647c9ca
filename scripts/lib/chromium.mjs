// The browser of the end-to-end tests, benchmarks and screenshots. In this order: the one that
// LOOPSCOPE_CHROMIUM names, the one that Playwright has, the system's, Debian's package (as root), Playwright's
// own download.

import { existsSync } from 'node:fs';
import { aptInstall, venvPython } from './python.mjs';
import { ask, Problem, run, step } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium; installs one when there is none. Needs the virtual environment. */
export function ensureChromium() {
  const given = process.env.LOOPSCOPE_CHROMIUM;
  if (given) {
    if (existsSync(given)) return given;
    throw new Problem(`LOOPSCOPE_CHROMIUM names ${given}, and there is no such file. Correct it or unset it.`);
  }
  const found = playwrights() ?? systems();
  if (found) return found;

  if (process.getuid?.() === 0 && ask('apt-get', ['--version'])) {
    step('Chromium (from the system’s packages)');
    try {
      aptInstall('chromium');
    } catch (error) {
      console.warn(error instanceof Error ? error.message : error);
    }
    const installed = systems();
    if (installed) return installed;
  }
  step('Chromium (Playwright’s download)');
  run(venvPython, ['-m', 'playwright', 'install', 'chromium'], {
    advice: 'No Chromium was found or could be installed. Install one, or set LOOPSCOPE_CHROMIUM to the path of one.',
  });
  const downloaded = playwrights();
  if (downloaded) return downloaded;
  throw new Problem('Playwright installed a Chromium but does not find it. Set LOOPSCOPE_CHROMIUM to its path.');
}

function playwrights() {
  const path = ask(venvPython, [
    '-c',
    'from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)',
  ]);
  return path && existsSync(path) ? path : undefined;
}

function systems() {
  for (const name of names) {
    const path = ask('sh', ['-c', `command -v ${name}`]);
    // Ubuntu's chromium-browser may be a stub that only says how to install the real one.
    if (path && ask(path, ['--version'])) return path;
  }
  return undefined;
}
