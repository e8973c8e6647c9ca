/** Events in sentences: what the panel says, see ../../trace/narrate.ts and ../../trace/cause.ts. */
export { callbackName, cause as why, causingRun } from '../../trace/cause';
export {
  beginLine,
  clock,
  ending,
  endingThere,
  printed,
  runAround,
  sentence,
  typed,
} from '../../trace/narrate';
