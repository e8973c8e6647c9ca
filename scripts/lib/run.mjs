// Running other programs, and telling what happened when that does not work.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { root } from './paths.mjs';

/** An error whose message is written for the person at the terminal: what happened, why, what to do. */
export class Problem extends Error {}

/**
 * Run a program in the repository's folder with its output on ours; a failure is a Problem.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, advice?: string, quiet?: boolean }} [options]
 */
export function run(command, args, { env = {}, advice = '', quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
  });
  if (result.status === 0) return result.stdout ?? '';
  const why = result.error ? result.error.message : (result.signal ?? `exit code ${result.status}`);
  const said = quiet ? `\n${result.stdout ?? ''}${result.stderr ?? ''}` : '';
  throw new Problem(`${[command, ...args].join(' ')} failed: ${why}.${said}${advice && `\n${advice}`}`);
}

let free = availableParallelism();
/** Who waits for a processor. @type {(() => void)[]} */
const waiting = [];

/**
 * Do a piece of work beside others, one a processor; the others wait for their turn.
 * @template T
 * @param {() => Promise<T>} work
 */
export async function beside(work) {
  if (free > 0) free--;
  else await new Promise((resolve) => waiting.push(() => resolve(undefined)));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

/** Run a Node script in its turn, see `beside`. A failure is a Problem. @param {string} script @param {string[]} args */
export function node(script, args) {
  return beside(async () => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code, signal] = await once(child, 'exit');
    if (code !== 0)
      throw new Problem(`node ${[script, ...args].join(' ')} failed: ${signal ?? `exit code ${code}`}.`);
  });
}

/**
 * What a program prints, or undefined when it is not there or fails. Its errors are shown if they are wanted.
 * @param {string} command
 * @param {string[]} args
 * @param {{ errors?: boolean }} [options]
 */
export function ask(command, args, { errors = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', errors ? 'inherit' : 'ignore'],
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * Hand the terminal over to a program until it ends, signals included, and take its exit code as ours.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export function become(command, args, env = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A terminal's Ctrl+C has reached the child already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // npm does not pass its own end on: without it a server would be left behind.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
  }
  child.on('error', (error) => fail(new Problem(`${command} could not be started: ${error.message}.`)));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** @param {unknown} error */
export function fail(error) {
  console.error(error instanceof Problem ? `\n${error.message}` : error);
  process.exit(1);
}

/** Run a script's body; a Problem ends it with its message alone. @param {() => unknown} body */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    fail(error);
  }
}

/** @param {string} title */
export function step(title) {
  console.log(`\n── ${title}`);
}
