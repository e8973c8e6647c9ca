// A Vite plugin: gives the page its course (`virtual:loopscope-lessons`, typed in web/src/vite-env.d.ts), one JSON file a
// lesson with the recorded run of its program, and writes the cheat sheet into its page.

import { readFileSync } from 'node:fs';
import { folder, readCheatSheet, readLessons } from './lessons.mjs';
import { hash } from './lib/paths.mjs';
import { record } from './python/recordings.mjs';
import { buildRuntime } from './python/runtime.mjs';

const MODULE = 'virtual:loopscope-lessons';

/** Path below the site → bytes. @typedef {Map<string, Uint8Array | string>} Files */

/** @param {string} base  the site's path */
async function make(base) {
  const runtime = await buildRuntime();
  /** @type {Files} */
  const files = new Map();
  const entry = async (/** @type {import('./lessons.mjs').Lesson} */ { file, ...lesson }) => {
    const recording = await record(runtime, `lesson-${lesson.slug}`, file);
    files.set(recording.path, readFileSync(recording.file));
    const json = JSON.stringify({ ...lesson, recording: base + recording.path });
    const path = `assets/lesson-${lesson.slug}-${hash(json)}.json`;
    files.set(path, json);
    const { slug, number, title, summary, questions } = lesson;
    return { slug, number, title, summary, questions: questions.length, url: base + path };
  };
  return { list: await Promise.all(readLessons().map(entry)), files };
}

/** @returns {import('vite').Plugin} */
export function lessons() {
  let base = '/';
  /** @type {ReturnType<typeof make> | undefined} */
  let made;
  const course = () => {
    made ??= make(base);
    return made;
  };
  return {
    name: 'lessons',
    configResolved(config) {
      base = config.base;
    },
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: async (id) =>
      id === `\0${MODULE}` ? `export const lessons = ${JSON.stringify((await course()).list)};` : undefined,
    async generateBundle() {
      for (const [fileName, source] of (await course()).files)
        this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html, { filename }) {
        if (!filename.endsWith('cheat-sheet.html')) return html;
        const sheet = readCheatSheet(base);
        if (!sheet) throw new Error('web/lessons/cheat-sheet.md is missing.');
        return html
          .replaceAll('%title%', () => sheet.title)
          .replaceAll('%summary%', () => sheet.summary.replaceAll('"', '&quot;'))
          .replace('<!-- sheet -->', () => sheet.html);
      },
    },
    configureServer(server) {
      server.watcher.add(folder);
      server.watcher.on('change', (file) => {
        if (!file.startsWith(folder)) return;
        made = undefined;
        server.restart();
      });
      server.middlewares.use(async (request, response, next) => {
        const { files } = await course();
        const file = files.get((request.url ?? '').split('?')[0]?.slice(base.length) ?? '');
        if (file === undefined) return next();
        response.setHeader(
          'content-type',
          typeof file === 'string' ? 'application/json' : 'application/octet-stream',
        );
        response.end(file);
      });
    },
  };
}
