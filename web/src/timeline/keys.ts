/** Keys of the timeline. Letters by their place on the keyboard (`code`), so that they work in every layout. */

export type KeyAction =
  | { do: 'zoom'; factor: number }
  | { do: 'pan'; share: number }
  | { do: 'segment'; by: -1 | 1 }
  | { do: 'track'; by: number }
  | { do: 'run'; by: -1 | 1 }
  | { do: 'fit' | 'select' | 'clear' | 'closer' | 'fold' | 'filter' };

const IN = 0.8;
const SHARE = 0.1;

export function keyAction(
  e: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): KeyAction | undefined {
  if (e.ctrlKey || e.metaKey || e.altKey) return undefined;
  switch (e.key) {
    case 'ArrowLeft':
      return { do: 'segment', by: -1 };
    case 'ArrowRight':
      return { do: 'segment', by: 1 };
    case 'ArrowUp':
      return { do: 'track', by: -1 };
    case 'ArrowDown':
      return { do: 'track', by: 1 };
    case 'PageUp':
      return { do: 'track', by: -10 };
    case 'PageDown':
      return { do: 'track', by: 10 };
    case 'Home':
      return { do: 'track', by: -Infinity };
    case 'End':
      return { do: 'track', by: Infinity };
    case '+':
    case '=':
      return { do: 'zoom', factor: IN };
    case '-':
      return { do: 'zoom', factor: 1 / IN };
    case ',':
      return { do: 'run', by: -1 };
    case '.':
      return { do: 'run', by: 1 };
    case 'Enter':
      return { do: 'select' };
    case ' ':
      return { do: 'fold' };
    case '/':
      return { do: 'filter' };
    case 'Escape':
      return { do: 'clear' };
  }
  switch (e.code) {
    case 'KeyW':
      return { do: 'zoom', factor: IN };
    case 'KeyS':
      return { do: 'zoom', factor: 1 / IN };
    case 'KeyA':
      return { do: 'pan', share: -SHARE };
    case 'KeyD':
      return { do: 'pan', share: SHARE };
    case 'KeyF':
      return { do: 'fit' };
    case 'KeyZ':
      return { do: 'closer' };
    default:
      return undefined;
  }
}
