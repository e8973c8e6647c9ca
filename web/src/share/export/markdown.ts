/** A run's story as Markdown: its program and what it did, step by step. */
import type { RunInfo } from '../../protocol/run-info';
import { oneLine } from '../../trace/plain';

/** `story`: one sentence a line, as the page tells it. */
export function asMarkdown(info: RunInfo, story: string): string {
  const title = escapeMarkdown(info.name || 'A run of asyncio');
  const python = info.python ? ` on Python ${escapeMarkdown(info.python)}` : '';
  const fence = '`'.repeat(Math.max(3, ...[...info.program.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const steps = story
    .trimEnd()
    .split('\n')
    .map((line) => `- ${escapeMarkdown(line)}`);
  return [
    `# ${title}`,
    '',
    `Recorded by Loopscope${python}, under the ${info.clock} clock.`,
    '',
    '## The program',
    '',
    `${fence}python`,
    info.program.trimEnd(),
    fence,
    '',
    '## What it did',
    '',
    ...steps,
    '',
  ].join('\n');
}

/** Text that is shown as it is: names and outputs are the program's, and may hold anything. */
function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~$]/g, '\\$&')
    .replace(/&/g, '&amp;');
}
