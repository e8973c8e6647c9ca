/**
 * A trace file of frames, as the page saves it: `node pack.mjs FRAMES FILE`. Frames are what traces.mjs writes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { openSources } from '../sources.mjs';

const { source, close } = await openSources();
const { decodeFrames } = await source('protocol/decode.ts');
const { Trace } = await source('trace/trace.ts');
const { packTrace } = await source('share/tracefile.ts');

const [, , frames, file] = process.argv;
const bytes = readFileSync(/** @type {string} */ (frames));
const trace = new Trace();
for (const frame of decodeFrames(new Uint8Array(bytes).buffer)) trace.append(frame);
const info = { program: '', name: '', clock: 'virtual', pace: 0, seed: 0, requirements: [], python: '', platform: '' };
const packed = await packTrace(info, trace);
writeFileSync(/** @type {string} */ (file), new Uint8Array(await packed.arrayBuffer()));
await close();
process.exit(0);
