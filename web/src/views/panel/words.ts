/** Events in sentences: what the panel says, see ../../trace/narrate.ts and ../../trace/cause.ts. */
export { callbackName, cause as why, causingRun } from '../../trace/cause';
export { printed, typed } from '../../trace/effects';
export { beginLine, clock, ending, endingThere, runAround, sentence } from '../../trace/narrate';
