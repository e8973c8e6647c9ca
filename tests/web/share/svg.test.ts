import { describe, expect, test } from 'vitest';
import { escapeXml, SvgContext } from '../../../web/src/share/svg';

const measure = { font: '', measureText: (text: string) => ({ width: text.length * 6 }) as TextMetrics };

function drawn(draw: (context: SvgContext) => void): string[] {
  const context = new SvgContext(100, 50, measure);
  draw(context);
  return context.toString('a run').trim().split('\n').slice(1, -1);
}

describe('what is drawn on the context is in the picture', () => {
  test('rectangles with their colour, and none that have no size', () => {
    const draw = (context: SvgContext): void => {
      context.fillStyle = '#0067b0';
      context.globalAlpha = 0.13;
      context.fillRect(1, 2.004, 30, 4);
      context.fillRect(1, 2, 0, 4);
    };
    expect(drawn(draw)).toEqual([
      '<rect x="1" y="2" width="30" height="4" fill="#0067b0" fill-opacity="0.13"/>',
    ]);
  });

  test('lines, dashed', () => {
    const draw = (context: SvgContext): void => {
      context.strokeStyle = 'red';
      context.setLineDash([7, 3]);
      context.beginPath();
      context.moveTo(0, 1);
      context.lineTo(10, 1);
      context.stroke();
    };
    expect(drawn(draw)).toEqual([
      '<path d="M0 1L10 1" fill="none" stroke="red" stroke-width="1" stroke-dasharray="7 3"/>',
    ]);
  });

  test('text on the baseline that every renderer has, as wide as it was measured', () => {
    const draw = (context: SvgContext): void => {
      context.font = '500 11px "Inter Variable", sans-serif';
      context.textBaseline = 'middle';
      context.fillText('<b>&', 5, 20);
    };
    expect(drawn(draw)).toEqual([
      '<text x="5" y="23.96" font-family="&quot;Inter Variable&quot;, sans-serif" font-size="11" font-weight="500"' +
        ' textLength="24" lengthAdjust="spacingAndGlyphs" fill="#000">&lt;b&gt;&amp;</text>',
    ]);
  });

  test('a clip holds until the state before comes back', () => {
    const draw = (context: SvgContext): void => {
      context.save();
      context.beginPath();
      context.rect(0, 0, 10, 10);
      context.clip();
      context.fillStyle = 'red';
      context.fillRect(0, 0, 5, 5);
      context.restore();
      context.fillRect(0, 0, 5, 5);
    };
    expect(drawn(draw)).toEqual([
      '<clipPath id="clip1"><path d="M0 0h10v10h-10Z"/></clipPath><g clip-path="url(#clip1)">',
      '<rect x="0" y="0" width="5" height="5" fill="red"/>',
      '</g>',
      '<rect x="0" y="0" width="5" height="5" fill="#000"/>',
    ]);
  });

  test('rounded corners', () => {
    const draw = (context: SvgContext): void => {
      context.beginPath();
      context.roundRect(0, 0, 10, 8, [2, 0, 0, 2]);
      context.fill();
    };
    expect(drawn(draw)).toEqual(['<path d="M2 0H10V8H2a2 2 0 0 1 -2 -2V2a2 2 0 0 1 2 -2Z" fill="#000"/>']);
  });
});

test('what XML cannot hold is replaced', () => {
  expect(escapeXml('a\u0000b\ud800c\n"<&>😀')).toBe('a\ufffdb\ufffdc\n&quot;&lt;&amp;&gt;😀');
});
