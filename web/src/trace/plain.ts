/**
 * Text of a program's on one line of our own: whatever would begin another line, turn the direction of what stands
 * beside it, or is no character at all, is shown as a mark.
 */
const MARKED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

export function oneLine(text: string): string {
  return text.replace(MARKED, (letter) => (letter === '\t' ? ' ' : '\ufffd'));
}
