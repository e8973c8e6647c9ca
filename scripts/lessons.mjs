// The course, from web/lessons (its README says how a lesson is written): each lesson becomes one JSON file for the page,
// typed as `Lesson` in web/src/lessons/lesson.ts. A file that can't be read as meant fails the build.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked } from 'marked';
import { root } from './lib/paths.mjs';

export const folder = join(root, 'web/lessons');

/** @typedef {[key: string, value: string][]} Pairs */
/** @typedef {Record<string, string | string[]>} Question */

/**
 * @typedef {object} Lesson
 * @property {string} slug
 * @property {number} number  its place in the course, from 1
 * @property {string} title
 * @property {string} summary
 * @property {string} code  its program
 * @property {string} file  where that lies
 * @property {string} intro  HTML
 * @property {Question[]} questions
 * @property {string} look  HTML
 * @property {({ html: string } | { replace: [string, string][] })[]} change
 */

/**
 * Every lesson, in the order of the course.
 * @returns {Lesson[]}
 */
export function readLessons() {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((name) => /^\d+-/.test(name))
    .sort();
  return names.map((name, index) => {
    const file = join(folder, name, 'program.py');
    const text = readFileSync(join(folder, name, 'lesson.md'), 'utf8');
    return parseLesson(name.replace(/^\d+-/, ''), index + 1, text, readFileSync(file, 'utf8'), file);
  });
}

/**
 * The cheat sheet as HTML, with its title and summary; undefined where there is none.
 * @param {string} base  the site's path
 */
export function readCheatSheet(base) {
  const file = join(folder, 'cheat-sheet.md');
  if (!existsSync(file)) return undefined;
  const { head, body } = parseHead(readFileSync(file, 'utf8'), 'cheat-sheet.md');
  const titles = { title: one(head, 'title', file), summary: one(head, 'summary', file) };
  return { ...titles, html: renderMarkdown(body, base) };
}

/**
 * @param {string} slug @param {number} number @param {string} text  lesson.md
 * @param {string} code  program.py
 * @param {string} file  its path
 * @returns {Lesson}
 */
export function parseLesson(slug, number, text, code, file) {
  const where = `${slug}/lesson.md`;
  const { head, body } = parseHead(text, where);
  const sections = body.split(/^## (Look|Change)$/m);
  const [before = ''] = sections;
  const section = (/** @type {string} */ name) => sections[sections.indexOf(name, 1) + 1] ?? '';
  const parts = split(before, 'predict');
  const questions = parts.flatMap((part) => (typeof part === 'string' ? [] : [question(part, where)]));
  if (questions.length === 0) throw new Error(`${where} asks nothing.`);
  const change = split(sections.includes('Change') ? section('Change') : '', 'change').map((part) =>
    typeof part === 'string' ? { html: renderMarkdown(part) } : { replace: replacements(part, code, where) },
  );
  return {
    slug,
    number,
    title: one(head, 'title', where),
    summary: one(head, 'summary', where),
    code,
    file,
    intro: renderMarkdown(parts.filter((part) => typeof part === 'string').join('\n\n')),
    questions,
    look: sections.includes('Look') ? renderMarkdown(section('Look')) : '',
    change,
  };
}

/** What each question needs beside its own words. @type {Record<string, string[]>} */
const NEEDS = {
  order: ['line'],
  choice: ['option'],
  duration: ['unit', 'tolerance'],
  steps: ['task'],
  next: ['after', 'option'],
  waker: ['task', 'option'],
};
const LISTS = ['line', 'option'];

/** @param {Pairs} pairs @param {string} where @returns {Question} */
function question(pairs, where) {
  const ask = one(pairs, 'ask', where);
  const needs = NEEDS[ask];
  if (!needs) throw new Error(`${where}: nobody knows how to ask “${ask}”.`);
  /** @type {Question} */
  const made = {};
  for (const [key, value] of pairs) {
    if (LISTS.includes(key)) made[key] = [...(made[key] ?? []), value];
    else made[key] = value;
  }
  for (const key of ['question', ...needs])
    if (!made[key]) throw new Error(`${where}: “${ask}” needs ${key}.`);
  return made;
}

/** @param {Pairs} pairs @param {string} code @param {string} where @returns {[string, string][]} */
function replacements(pairs, code, where) {
  /** @type {[string, string][]} */
  const made = [];
  for (let k = 0; k < pairs.length; k += 2) {
    const [[a, from] = [], [b, to] = []] = [pairs[k], pairs[k + 1]];
    if (a !== 'replace' || b !== 'with' || !from || to === undefined)
      throw new Error(`${where}: a change is pairs of “replace” and “with”.`);
    if (code.split(from).length !== 2) throw new Error(`${where}: “${from}” is not there exactly once.`);
    made.push([from, to]);
    code = code.replace(from, () => to);
  }
  return made;
}

/**
 * Markdown around fenced blocks of a language: text as it is, blocks as pairs.
 * @param {string} text @param {string} language @returns {(string | Pairs)[]}
 */
function split(text, language) {
  return text
    .split(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm'))
    .map((part, k) => (k % 2 ? parsePairs(part) : part.trim()))
    .filter((part) => part !== '');
}

/** @param {string} text @param {string} where */
function parseHead(text, where) {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined)
    throw new Error(`${where} has no head between two lines ---.`);
  return { head: parsePairs(head), body };
}

/** @param {string} text @returns {Pairs} */
function parsePairs(text) {
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const at = line.indexOf(':');
      if (at < 0) throw new Error(`“${line}” is no “key: value”.`);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
}

/** @param {Pairs} pairs @param {string} key @param {string} where */
function one(pairs, key, where) {
  const found = pairs.find(([name]) => name === key)?.[1];
  if (!found) throw new Error(`${where} has no ${key}.`);
  return found;
}

/**
 * Our own Markdown to HTML. A link without a path leads to the lesson of that name, or to the cheat sheet.
 * @param {string} text @param {string} [base]  the site's path
 */
export function renderMarkdown(text, base = '') {
  const marked = new Marked({
    walkTokens(token) {
      if (token.type !== 'link') return;
      const [, page, heading] = /^([\w-]+)(#.*)?$/.exec(token.href) ?? [];
      if (page === 'cheat-sheet') token.href = `${base}cheat-sheet.html${heading ?? ''}`;
      else if (page) token.href = `${base}#lesson=${page}`;
    },
    renderer: {
      heading({ tokens, depth, text }) {
        const id = text
          .toLowerCase()
          .replace(/[^\w]+/g, '-')
          .replace(/^-|-$/g, '');
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      // What is wider than the page scrolls by itself, with the keyboard too.
      table(token) {
        const row = (/** @type {import('marked').Tokens.TableCell[]} */ cells, /** @type {string} */ tag) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const rows = token.rows.map((cells) => row(cells, 'td')).join('\n');
        return `<div class="wide" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
  return marked.parse(text, { async: false });
}
