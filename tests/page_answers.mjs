// node page_answers.mjs < JOBS: what the page's own code answers.
//
// JOBS is a JSON list of {trace: base64, questions: [{key: text or [text]}]}. Prints a list of lists of answers as JSON, null
// where a run has none.

import { text } from 'node:stream/consumers';
import { openSources } from './sources.mjs';

const { source, close } = await openSources();
const { decodeFrames } = await source('protocol/decode.ts');
const { Trace } = await source('trace/trace.ts');
const { truthOf } = await source('lessons/grade.ts');

/** @type {{ trace: string, questions: object[] }[]} */
const jobs = JSON.parse(await text(process.stdin));
const answers = jobs.map((job) => {
  const trace = new Trace();
  const bytes = Buffer.from(job.trace, 'base64');
  for (const frame of decodeFrames(new Uint8Array(bytes).buffer)) trace.append(frame);
  return job.questions.map((question) => truthOf(trace, question)?.answer ?? null);
});
await close();
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
