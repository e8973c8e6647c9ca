/** Mouse, touch and wheel on the stage, as gestures of the timeline. Knows nothing of traces. */
import type { Px } from './layout';

export interface Gestures {
  /** Dragged by so many pixels, to x. `zone`: where it began. */
  drag(dx: Px, dy: Px, x: Px, zone: Zone): void;
  /** Pinched or Ctrl+wheeled around x. */
  zoom(factor: number, x: Px): void;
  /** Wheeled: pan by dx, scroll rows by dy. False: nothing moved, let the page have it. */
  wheel(dx: Px, dy: Px): boolean;
  /** Clicked or tapped; a press on the overview or the axis counts at once. */
  press(x: Px, y: Px, touch: boolean): void;
  double(x: Px, y: Px): void;
  hover(x: Px, y: Px): void;
  leave(): void;
  zone(y: Px): Zone;
}

/** The overview strip, the axis, or the tracks. */
export type Zone = 'overview' | 'axis' | 'tracks';

/** Pointers move this far before a click becomes a drag. */
const SLOP: Px = 4;
const LINE: Px = 16;

export function listenToPointers(
  stage: HTMLElement,
  surface: HTMLElement,
  gestures: Gestures,
  signal: AbortSignal,
): void {
  const down = new Map<number, { x: Px; y: Px }>();
  let start = { x: 0, y: 0 };
  let dragging = false;
  let zone: Zone = 'tracks';
  const at = (e: MouseEvent): { x: Px; y: Px } => {
    const box = stage.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  };
  const pinch = (): { size: Px; x: Px } => {
    const [a, b] = [...down.values()];
    if (!a || !b) return { size: 1, x: 0 };
    return { size: Math.max(10, Math.hypot(a.x - b.x, a.y - b.y)), x: (a.x + b.x) / 2 };
  };

  surface.addEventListener(
    'pointerdown',
    (e) => {
      if (e.button !== 0) return;
      const p = at(e);
      down.set(e.pointerId, p);
      surface.setPointerCapture(e.pointerId);
      if (down.size > 1) {
        dragging = true;
        return;
      }
      start = p;
      dragging = false;
      zone = gestures.zone(p.y);
      if (zone !== 'tracks') gestures.press(p.x, p.y, e.pointerType === 'touch');
    },
    { signal },
  );
  surface.addEventListener(
    'pointermove',
    (e) => {
      const p = at(e);
      const last = down.get(e.pointerId);
      if (!last) {
        if (e.pointerType !== 'touch') gestures.hover(p.x, p.y);
        return;
      }
      if (down.size > 1) {
        const before = pinch();
        down.set(e.pointerId, p);
        const after = pinch();
        gestures.drag(after.x - before.x, 0, after.x, 'tracks');
        gestures.zoom(before.size / after.size, after.x);
        return;
      }
      if (!dragging && Math.hypot(p.x - start.x, p.y - start.y) < SLOP) return;
      if (!dragging) surface.classList.add('ls-grabbing');
      dragging = true;
      down.set(e.pointerId, p);
      gestures.drag(p.x - last.x, p.y - last.y, p.x, zone);
    },
    { signal },
  );
  const up = (e: PointerEvent): void => {
    if (!down.delete(e.pointerId)) return;
    surface.classList.remove('ls-grabbing');
    const p = at(e);
    if (e.type === 'pointerup' && !dragging && zone === 'tracks')
      gestures.press(p.x, p.y, e.pointerType === 'touch');
  };
  surface.addEventListener('pointerup', up, { signal });
  surface.addEventListener('pointercancel', up, { signal });
  surface.addEventListener(
    'pointerleave',
    // A finger leaves with every tap; what it tapped stays.
    (e) => {
      if (e.pointerType !== 'touch') gestures.leave();
    },
    { signal },
  );
  surface.addEventListener(
    'dblclick',
    (e) => {
      const p = at(e);
      gestures.double(p.x, p.y);
    },
    { signal },
  );
  stage.addEventListener(
    'wheel',
    (e) => {
      const unit =
        e.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? LINE
          : e.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? 400
            : 1;
      const p = at(e);
      if (e.ctrlKey || e.metaKey) {
        // A trackpad's pinch comes as Ctrl+wheel with small steps, a mouse wheel's click as one of about 100.
        gestures.zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY * unit)) * 0.008), p.x);
        e.preventDefault();
        return;
      }
      const sideways = e.shiftKey && e.deltaX === 0;
      const dx = (sideways ? e.deltaY : e.deltaX) * unit;
      const dy = sideways ? 0 : e.deltaY * unit;
      if (gestures.wheel(dx, dy)) e.preventDefault();
    },
    { signal, passive: false },
  );
}
