/** Property tests draw the same every day: LOOPSCOPE_SEED=N draws others, "random" others each time; a failure prints its seed. */
import fc from 'fast-check';

const chosen = process.env.LOOPSCOPE_SEED || '314';
if (chosen !== 'random') fc.configureGlobal({ seed: Number(chosen) });
