import { beforeEach, expect, test } from 'vitest';
import { forgetWidths, shorten, textWidth } from '../../../web/src/timeline/text';

/** Every character is 6 wide, the whole of a text included; counts how often it was asked. */
function measurer() {
  return {
    font: '',
    asked: 0,
    measureText(text: string) {
      this.asked++;
      return { width: [...text].length * 6 } as TextMetrics;
    },
  };
}

beforeEach(forgetWidths);

test('a label is measured by its characters, each of them once', () => {
  const context = measurer();
  expect(textWidth(context, 'sans', 'step 1')).toBe(36);
  const { asked } = context;
  expect(textWidth(context, 'sans', 'step 111')).toBe(48);
  expect(context.asked).toBe(asked);
});

test('letters that join are measured as a whole', () => {
  const context = measurer();
  expect(textWidth(context, 'sans', 'مهمة')).toBe(24);
  expect(context.asked).toBe(1);
});

test('a text is cut where room ends, and left out where too little of it would remain', () => {
  const context = measurer();
  expect(shorten(context, 'sans', 'Lock.acquire', 72)).toBe('Lock.acquire');
  expect(shorten(context, 'sans', 'Lock.acquire', 71)).toBe('Lock.acqui…');
  expect(shorten(context, 'sans', 'Lock.acquire', 36)).toBe('Lock.…');
  expect(shorten(context, 'sans', 'Lock.acquire', 35)).toBe('');
  expect(shorten(context, 'sans', 'Задача один', 42)).toBe('Задача…');
});
