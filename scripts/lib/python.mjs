// Finding a Python, and making the virtual environment in which the tests and tools run.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash, root } from './paths.mjs';
import { ask, Problem, run, step } from './run.mjs';

const oldest = 11;
const venv = join(root, '.venv');
const requirements = join(root, 'tests/requirements.txt');
export const venvPython = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Command of a Python that is new enough; PYTHON may name one. */
export function findPython() {
  const names = ['python3', ...[14, 13, 12, 11].map((minor) => `python3.${minor}`), 'python'];
  const seen = [];
  for (const name of process.env.PYTHON ? [process.env.PYTHON] : names) {
    const version = ask(name, ['-c', 'import sys; print(*sys.version_info[:2], sep=".")']);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === 3 && minor >= oldest) return name;
    seen.push(`${name} is ${version}`);
  }
  throw new Problem(
    `Python 3.${oldest} or newer is needed, and none was found${seen.length ? ` (${seen.join(', ')})` : ''}.\n` +
      'Install one (for example from https://www.python.org/downloads/), or set PYTHON to the path of one.',
  );
}

/** Make .venv what tests/requirements.txt says, if it is not; return its Python. */
export function ensureVenv() {
  const wanted = hash(readFileSync(requirements));
  const stamp = join(venv, 'requirements.hash');
  if (existsSync(venvPython) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
    return venvPython;

  step('Python packages (.venv)');
  const python = findPython();
  rmSync(venv, { recursive: true, force: true });
  makeVenv(python);
  run(
    venvPython,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements],
    {
      advice:
        'pip could not install tests/requirements.txt. Is the package index in reach? Run the command again.',
    },
  );
  writeFileSync(stamp, wanted);
  return venvPython;
}

/** @param {string} python */
function makeVenv(python) {
  try {
    run(python, ['-m', 'venv', venv], { quiet: true });
    return;
  } catch (error) {
    rmSync(venv, { recursive: true, force: true });
    const isRoot = process.getuid?.() === 0;
    if (!isRoot || !ask('apt-get', ['--version'])) {
      throw new Problem(
        `${python} cannot make a virtual environment: ${error instanceof Error ? error.message : error}\n` +
          'On Debian and Ubuntu its venv module is a package of its own: sudo apt-get install python3-venv',
      );
    }
  }
  const version = ask(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  console.log(`${python} has no venv module; installing python${version}-venv from the system's packages.`);
  aptInstall(`python${version}-venv`);
  run(python, ['-m', 'venv', venv], {
    advice: 'Install the venv module of this Python, or set PYTHON to another.',
  });
}

/** @param {string[]} packages */
export function aptInstall(...packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env, quiet: true });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env, quiet: true });
}
