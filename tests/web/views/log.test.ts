import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Trace } from '../../../web/src/trace/trace';
import { cutNote, OutputLog, wholeOutput } from '../../../web/src/views/output/log';
import { FrameWriter, How, Kind } from '../helpers/frames';

class Program {
  readonly rows = new FrameWriter();
  readonly trace = new Trace();

  write(text: string, how: number = How.STDOUT, by = 0): this {
    this.rows.row(Kind.OUTPUT, { how, by, aux: this.rows.text(text) });
    return this;
  }
  out(text: string): this {
    return this.write(text);
  }
  err(text: string): this {
    return this.write(text, How.STDERR);
  }
  sent(): Trace {
    this.rows.feed(this.trace);
    return this.trace;
  }
}

const texts = (log: OutputLog): string[] =>
  log.lines.map((line) => (line.error ? `! ${line.text}` : line.text));

describe('what a program wrote becomes lines', () => {
  test('however it was cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ab\n]{0,6}$/), { maxLength: 20 }),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (pieces, sendAfter) => {
          const program = new Program();
          const log = new OutputLog(1000);
          pieces.forEach((piece, k) => {
            program.out(piece);
            if (sendAfter[k]) log.update(program.sent());
          });
          log.update(program.sent());
          const whole = pieces.join('');
          const lines = whole.split('\n');
          if (lines.at(-1) === '') lines.pop();
          expect(texts(log)).toEqual(lines);
          expect(wholeOutput(program.trace)).toBe(whole);
        },
      ),
    );
  });

  test('a line grows until its end, and tells from which line on something changed', () => {
    const program = new Program();
    const log = new OutputLog(10);
    expect(log.update(program.out('one\ntw').sent())).toBe(0);
    expect(log.update(program.out('o').sent())).toBe(1);
    expect(log.update(program.sent())).toBe(-1);
    expect(log.update(program.out('\n\nthree').sent())).toBe(1);
    expect(texts(log)).toEqual(['one', 'two', '', 'three']);
  });

  test('a text that grows after its row was sent is read on', () => {
    const program = new Program();
    program.rows.row(Kind.OUTPUT, { how: How.STDOUT, aux: -7 });
    program.rows.feed(program.trace, { strings: [[-7, 'a flood\nof te']] });
    const log = new OutputLog(10);
    log.update(program.trace);
    program.rows.feed(program.trace, { strings: [[-7, 'xt\nthat ']] });
    expect(log.update(program.trace)).toBe(1);
    program.rows.row(Kind.OUTPUT, { how: How.STDERR, aux: -8 });
    program.rows.feed(program.trace, {
      strings: [
        [-7, 'goes on'],
        [-8, 'oh'],
      ],
    });
    log.update(program.trace);
    expect(texts(log)).toEqual(['a flood', 'of text', 'that goes on', '! oh']);
  });

  test('errors are told apart, in order, and never glued to an unfinished line', () => {
    const program = new Program().out('working').err('Traceback\n').out('…').err('oops').out('done\n');
    const log = new OutputLog(10);
    log.update(program.sent());
    expect(texts(log)).toEqual(['working', '! Traceback', '…', '! oops', 'done']);
  });
});

describe('a flood', () => {
  test('keeps its last lines, and counts the others', () => {
    const program = new Program();
    const log = new OutputLog(100);
    for (let batch = 0; batch < 30; batch++) {
      for (let k = 0; k < 90; k++) program.out(`line ${batch * 90 + k}\n`);
      log.update(program.sent());
    }
    program.out(Array.from({ length: 5000 }, (_, k) => `more ${k}\n`).join(''));
    expect(log.update(program.sent())).toBe(2700);
    expect(log.lines.length).toBe(100);
    expect(log.earlier).toBe(7600);
    expect(texts(log)[0]).toBe('more 4900');
    expect(texts(log)[99]).toBe('more 4999');
  });

  test('says what was not kept', () => {
    const program = new Program().out('x\n');
    program.rows.feed(program.trace, { cut: [2000, 50_000] });
    expect(cutNote(program.trace)).toBe('The program wrote 2,000 more lines, which were not kept.');
    expect(wholeOutput(program.trace)).toBe(
      'x\n\n… The program wrote 2,000 more lines, which were not kept.\n',
    );
    expect(cutNote(new Trace())).toBe('');
  });
});
