/**
 * The timeline: wires trace, window, drawing, gutter and gestures. State lives here; drawing is in the other files.
 *
 *     setTrace, update ─▶ Tracks ─▶ frame: Strips, rows, chrome ─▶ canvas
 *     pointer, keys ────▶ Viewport, selection ─▶ frame, onSelect
 */
import { describe, sentence } from '../trace/describe';
import type { State } from '../trace/reason';
import type { ScaleName, X } from '../trace/scale';
import type { EventIndex, Trace } from '../trace/trace';
import { LOOP_TRACK, type Segment, Tracks } from '../trace/tracks';
import { Card } from './card';
import { Footer } from './footer';
import { Gutter } from './gutter';
import { type KeyAction, keyAction } from './keys';
import type { Layout, Px } from './layout';
import { layoutFor, plotWidth } from './layout';
import { neighbour, neighbourRun, segmentAt, segmentOnRow } from './navigate';
import { Overview } from './overview';
import { paintFrame } from './paint';
import { listenToPointers } from './pointer';
import { Strips } from './strips';
import { readTheme, type Theme } from './theme';
import type { TimelineOptions, TimelineView } from './types';
import { Viewport } from './viewport';

/** Pixels a handle run has at least while the whole of a live run is shown. */
const DENSE: Px = 5;
const BUDGET_MS = 5;

export class Timeline implements TimelineView {
  private tracks: Tracks | undefined;
  private readonly view = new Viewport();
  private layout: Layout = layoutFor(1, 1, 1, false);
  private theme: Theme;
  private strips: Strips | undefined;
  private readonly overview = new Overview();
  private readonly gutter = new Gutter();
  private readonly card = new Card();
  private readonly footer: Footer;
  private readonly stage = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly live = document.createElement('div');
  private readonly empty = document.createElement('div');
  private readonly context: CanvasRenderingContext2D;
  private readonly stop = new AbortController();
  private readonly observer: ResizeObserver;

  private isFollowing = true;
  private grown = false;
  private frame = 0;
  private selected: { track: number; event: EventIndex; state: State } | undefined;
  private hovered: Segment | undefined;
  private playhead: EventIndex | undefined;
  /** Row of the tree that has the tab stop. */
  private current = 1;
  private cardAt: 'pointer' | 'selection' = 'pointer';

  constructor(
    private readonly host: HTMLElement,
    private readonly options: TimelineOptions,
  ) {
    host.classList.add('ls-timeline');
    host.setAttribute('role', 'region');
    host.setAttribute('aria-label', 'Timeline');
    this.stage.className = 'ls-stage';
    this.canvas.className = 'ls-canvas';
    this.canvas.setAttribute('role', 'img');
    this.live.className = 'ls-hidden';
    this.live.setAttribute('aria-live', 'polite');
    this.empty.className = 'ls-empty';
    this.empty.textContent = options.empty ?? 'Run the program to see what its event loop does.';
    this.stage.append(this.canvas, this.gutter.element, this.empty, this.card.element);
    this.footer = new Footer({
      scale: () => this.chooseScale(this.scale === 'turns' ? 'time' : 'turns'),
      zoom: (factor) => this.zoomBy(factor),
      fit: () => this.fit(),
      follow: () => this.follow(true),
    });
    host.replaceChildren(this.stage, this.footer.element, this.live);
    const context = this.canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser has no canvas.');
    this.context = context;
    this.theme = readTheme(host);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.stage);
    this.listen();
    this.resize();
  }

  get scale(): ScaleName {
    return this.tracks?.scale.name ?? 'turns';
  }

  get following(): boolean {
    return this.isFollowing;
  }

  setTrace(trace: Trace | undefined): void {
    this.tracks = trace && new Tracks(trace);
    this.tracks?.update();
    this.selected = undefined;
    this.hovered = undefined;
    this.playhead = undefined;
    this.current = 1;
    this.view.top = 0;
    this.grown = false;
    this.strips = undefined;
    this.gutter.clear();
    this.card.hide();
    this.setFollowing(true);
    this.bound();
    this.view.fit();
    this.empty.hidden = Boolean(trace?.count);
    this.invalidate();
  }

  update(): void {
    this.grown = true;
    this.invalidate();
  }

  select(event: EventIndex | undefined): void {
    this.absorb();
    const segment = event === undefined ? undefined : this.tracks?.show(event);
    this.choose(segment, false);
  }

  setPlayhead(event: EventIndex | undefined): void {
    this.playhead = event;
    this.absorb();
    if (event !== undefined && this.tracks && event < this.tracks.trace.count) {
      const x = this.tracks.scale.begin(event);
      if (x < this.view.x0 || x > this.view.x1) this.view.reveal(x, x);
    }
    this.invalidate();
  }

  setScale(scale: ScaleName | undefined): void {
    if (!this.tracks) return;
    const { tracks, view } = this;
    const whole = view.whole;
    const [a, b] = [view.x0, view.x1].map((x) => [tracks.scale.clockAt(x), tracks.scale.phaseAt(x)] as const);
    if (!tracks.setScale(scale)) return;
    this.bound();
    if (whole || !a || !b) view.fit();
    else view.show(tracks.scale.x(...a), tracks.scale.x(...b), 0);
    this.invalidate();
  }

  follow(on: boolean): void {
    this.setFollowing(on);
    this.grown = true;
    this.invalidate();
  }

  fit(): void {
    this.absorb();
    this.view.fit();
    this.release();
    this.invalidate();
  }

  focus(): void {
    this.gutter.focus(this.current);
  }

  destroy(): void {
    this.stop.abort();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.host.classList.remove('ls-timeline', 'ls-narrow');
    this.host.removeAttribute('role');
    this.host.removeAttribute('aria-label');
    this.host.replaceChildren();
  }

  // -- the frame

  private invalidate(): void {
    this.frame ||= requestAnimationFrame((now) => {
      this.frame = 0;
      this.draw(now);
    });
  }

  /** Reads what was appended since the last frame. */
  private absorb(): void {
    const { tracks, view } = this;
    if (!this.grown || !tracks) return;
    this.grown = false;
    const ends = [view.x0, view.x1].map((x) => [tracks.scale.clockAt(x), tracks.scale.phaseAt(x)] as const);
    const moved = tracks.update();
    this.empty.hidden = tracks.trace.count > 0;
    this.bound();
    if (this.isFollowing) {
      if (tracks.trace.exit) view.fit();
      else view.follow(tracks.scale.runs.count, DENSE);
    } else if (moved && ends[0] && ends[1])
      view.show(tracks.scale.x(...ends[0]), tracks.scale.x(...ends[1]), 0);
  }

  /** Lays out for the present size and number of tasks. */
  private arrange(): void {
    const { width, height, ratio } = this.layout;
    const tasks = (this.tracks?.tree().length ?? 1) - 1;
    this.layout = layoutFor(width, height, ratio, matchMedia('(pointer: coarse)').matches, tasks);
  }

  private bound(): void {
    this.arrange();
    const { tracks, layout } = this;
    const rows = (tracks?.tree().length ?? 1) - 1;
    this.view.bound(
      tracks?.scale.now() ?? 1,
      tracks?.scale.beta ?? 1,
      plotWidth(layout),
      rows * layout.row + 8,
      layout.height - layout.rowsTop,
    );
  }

  private visibleRows(): [number, number] {
    const { layout, view } = this;
    const rows = (this.tracks?.tree().length ?? 1) - 1;
    const first = Math.max(0, Math.floor(view.top / layout.row));
    const last = Math.min(rows, Math.ceil((view.top + layout.height - layout.rowsTop) / layout.row));
    return [first + 1, Math.max(first, last) + 1];
  }

  private draw(now: number): void {
    const { layout, theme, context, tracks } = this;
    this.absorb();
    context.setTransform(layout.ratio, 0, 0, layout.ratio, 0, 0);
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, layout.width, layout.height);
    if (!tracks || tracks.trace.count === 0) {
      this.gutter.clear();
      this.footer.update(theme, undefined, false, layout.ratio);
      this.canvas.setAttribute('aria-label', 'Timeline, empty');
      return;
    }
    const width = Math.round(plotWidth(layout) * layout.ratio);
    const capacity = Math.ceil(layout.height / layout.row) + 4;
    if (!this.strips?.fits(theme, width, capacity)) this.strips = new Strips(theme, width, capacity);
    const rows = this.visibleRows();
    const x0 = this.view.snapped(layout.ratio);
    const wanted = [
      LOOP_TRACK,
      ...tracks
        .tree()
        .slice(...rows)
        .map((row) => row.track),
    ];
    const stale = this.strips.prepare(tracks, wanted, x0, this.view.dx / layout.ratio, BUDGET_MS);
    paintFrame(context, {
      theme,
      layout,
      tracks,
      strips: this.strips,
      overview: this.overview,
      view: this.view,
      x0,
      rows,
      selected: this.selection(),
      hovered: this.hovered,
      playhead: this.playhead,
      now,
    });
    this.showGutter(tracks);
    this.footer.update(theme, tracks, !tracks.trace.exit && !this.isFollowing, layout.ratio);
    this.showCard();
    this.tell();
    if (stale) this.invalidate();
  }

  private showGutter(tracks: Tracks): void {
    const selected = this.selected ? tracks.rowOf(this.selected.track) : -1;
    this.gutter.update(tracks, this.layout, this.view.top, this.visibleRows(), this.current, selected);
  }

  /** The canvas in one sentence. */
  private tell(): void {
    const { tracks } = this;
    if (!tracks) return;
    const count = tracks.tree().length - 1;
    const label = `Timeline of ${count} ${count === 1 ? 'task' : 'tasks'}, ${tracks.scale.runs.count} handle runs. The tree grid Tasks tells the same in words.`;
    if (this.canvas.getAttribute('aria-label') !== label) this.canvas.setAttribute('aria-label', label);
  }

  private resize(): void {
    const box = this.stage.getBoundingClientRect();
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    this.layout = {
      ...this.layout,
      width: Math.max(1, Math.round(box.width)),
      height: Math.max(1, Math.round(box.height)),
      ratio,
    };
    this.arrange();
    this.host.classList.toggle('ls-narrow', this.layout.narrow);
    const [width, height] = [Math.round(this.layout.width * ratio), Math.round(this.layout.height * ratio)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.canvas.style.width = `${this.layout.width}px`;
    this.canvas.style.height = `${this.layout.height}px`;
    const whole = this.view.whole;
    this.bound();
    if (whole) this.view.fit();
    // Not in the next frame: the resized canvas is blank until it is drawn.
    this.draw(performance.now());
  }

  // -- selection, hover

  private selection(): Segment | undefined {
    const { selected, tracks } = this;
    if (!selected || !tracks) return undefined;
    const { changes } = tracks;
    for (let i = changes.findEvent(selected.track, selected.event); i < changes.count(selected.track); i++) {
      if (changes.event(selected.track, i) !== selected.event) return undefined;
      if (changes.state(selected.track, i) === selected.state) return tracks.segment(selected.track, i);
    }
    return undefined;
  }

  /** Selects a segment; `byUser`: tells the page and the screen reader. */
  private choose(segment: Segment | undefined, byUser: boolean): void {
    const { tracks, view, layout } = this;
    this.selected = segment && { track: segment.track, event: segment.event, state: segment.state };
    if (segment && tracks) {
      const row = tracks.rowOf(segment.track);
      if (row >= 0) this.current = row;
      if (row > 0) view.revealRow((row - 1) * layout.row, layout.row);
      if (segment.x1 < view.x0 || segment.x0 > view.x1 || byUser)
        view.reveal(segment.x0, Math.min(segment.x1, segment.x0 + view.dx * 40));
      if (byUser) this.live.textContent = sentence(describe(tracks, segment));
    } else if (byUser) this.live.textContent = '';
    this.invalidate();
    if (!byUser) return;
    const known = segment && tracks ? Math.min(segment.event, tracks.trace.count - 1) : undefined;
    this.options.onSelect?.(known, segment);
  }

  private hit(x: Px, y: Px): Segment | undefined {
    return this.tracks && segmentAt(this.tracks, this.layout, this.view, x, y);
  }

  private hover(segment: Segment | undefined): void {
    const same = segment?.track === this.hovered?.track && segment?.index === this.hovered?.index;
    this.hovered = segment;
    if (same) return;
    this.invalidate();
    if (this.tracks) this.options.onHover?.(segment && { segment, told: describe(this.tracks, segment) });
  }

  private pointerAt: [Px, Px] = [0, 0];

  private showCard(): void {
    const { tracks, layout, view } = this;
    const segment =
      this.cardAt === 'pointer' ? this.hovered : this.gutter.focused ? this.selection() : undefined;
    if (!tracks || !segment) {
      this.card.hide();
      return;
    }
    let [x, y] = this.pointerAt;
    if (this.cardAt === 'selection') {
      const row = tracks.rowOf(segment.track);
      y = row === 0 ? layout.rowsTop - 8 : layout.rowsTop + row * layout.row - view.top - 8;
      x = layout.gutter + Math.max(0, view.toPx(segment.x0)) - 8;
    }
    this.card.show(tracks, segment, x, y, layout.width, layout.height);
  }

  // -- what the user does

  private setFollowing(on: boolean): void {
    if (on === this.isFollowing) return;
    this.isFollowing = on;
    this.options.onFollowChange?.(on);
  }

  /** The user's own pan or zoom releases a live run. */
  private release(): void {
    if (this.tracks && !this.tracks.trace.exit) this.setFollowing(false);
    else this.isFollowing = false;
  }

  private chooseScale(scale: ScaleName): void {
    this.setScale(scale);
    this.options.onScaleChange?.(scale);
  }

  private zoomBy(factor: number, at = plotWidth(this.layout) / 2): void {
    this.release();
    this.view.zoom(factor, at);
    this.invalidate();
  }

  private zoomTo(segment: Segment | undefined): void {
    if (!segment) return;
    this.release();
    this.view.show(segment.x0, segment.x1, 0.3);
    this.invalidate();
  }

  private listen(): void {
    const { signal } = this.stop;
    listenToPointers(
      this.stage,
      this.canvas,
      {
        isOverview: (y) => y < this.layout.axisTop,
        drag: (dx, dy, _x, overview) => {
          this.release();
          if (overview && this.tracks)
            this.view.pan((dx * this.tracks.scale.now()) / plotWidth(this.layout) / this.view.dx);
          else {
            this.view.pan(-dx);
            this.view.scroll(-dy);
          }
          this.hover(undefined);
          this.invalidate();
        },
        zoom: (factor, x) => this.zoomBy(factor, Math.max(0, x - this.layout.gutter)),
        wheel: (dx, dy) => {
          const before = [this.view.x0, this.view.top];
          if (dx) this.view.pan(dx);
          if (dy) this.view.scroll(dy);
          const moved = before[0] !== this.view.x0 || before[1] !== this.view.top;
          if (before[0] !== this.view.x0) this.release();
          if (moved) this.invalidate();
          return moved || dx !== 0;
        },
        press: (x, y, touch) => this.press(x, y, touch),
        double: (x, y) => this.zoomTo(this.hit(x, y)),
        hover: (x, y) => {
          this.pointerAt = [x, y];
          this.cardAt = 'pointer';
          this.hover(this.hit(x, y));
          if (this.hovered) this.showCard();
        },
        leave: () => this.hover(undefined),
      },
      signal,
    );
    this.host.addEventListener('keydown', (e) => this.key(e), { signal });
    this.gutter.element.addEventListener('focusin', (e) => this.rowFocused(e.target), { signal });
    this.gutter.element.addEventListener('focusout', () => this.invalidate(), { signal });
    this.gutter.element.addEventListener('click', (e) => this.rowClicked(e.target), { signal });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', () => this.retheme(), { signal });
    matchMedia('(forced-colors: active)').addEventListener('change', () => this.retheme(), { signal });
    document.fonts?.ready.then(() => this.invalidate());
  }

  private retheme(): void {
    this.theme = readTheme(this.host);
    this.invalidate();
  }

  private press(x: Px, y: Px, touch: boolean): void {
    const { layout, view, tracks } = this;
    if (!tracks) return;
    if (y < layout.axisTop) {
      // On the strip: the window comes to the pointer, unless it is there already.
      const [a, b] = this.overview.window(layout, tracks, view);
      if (x >= a && x <= b) return;
      this.release();
      view.pan(((x - (a + b) / 2) * tracks.scale.now()) / plotWidth(layout) / view.dx);
      this.invalidate();
      return;
    }
    const segment = this.hit(x, y);
    this.choose(segment, true);
    this.pointerAt = [x, y];
    this.cardAt = 'pointer';
    if (touch) this.hover(segment);
    this.showGutter(tracks);
    this.gutter.focus(this.current, false);
  }

  private rowFocused(target: EventTarget | null): void {
    const row =
      target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
    if (row === undefined) return;
    this.current = Number(row);
    this.invalidate();
  }

  /** A name was clicked: its task's first segment on screen is selected. */
  private rowClicked(target: EventTarget | null): void {
    const row =
      target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
    if (row === undefined) return;
    this.cardAt = 'pointer';
    this.selectOnRow(Number(row), this.view.x0);
  }

  private selectOnRow(row: number, x: X): void {
    if (!this.tracks) return;
    this.current = row;
    this.choose(segmentOnRow(this.tracks, row, x), true);
  }

  private key(e: KeyboardEvent): void {
    const action = e.target instanceof HTMLButtonElement ? undefined : keyAction(e);
    if (!action || !this.tracks) return;
    if (action.do === 'clear' && !this.selected && !this.hovered) return;
    e.preventDefault();
    this.cardAt = 'selection';
    this.act(action, this.tracks);
  }

  private act(action: KeyAction, tracks: Tracks): void {
    const { view, layout } = this;
    const selection = this.selection();
    switch (action.do) {
      case 'zoom':
        return this.zoomBy(
          action.factor,
          selection && this.onScreen(selection) ? view.toPx(selection.x0) : undefined,
        );
      case 'pan':
        this.release();
        view.pan(action.share * plotWidth(layout));
        return this.invalidate();
      case 'fit':
        return this.fit();
      case 'closer':
        return this.zoomTo(selection);
      case 'clear':
        this.hover(undefined);
        return this.choose(undefined, true);
      case 'select':
        if (selection) this.choose(selection, true);
        else this.selectOnRow(this.current, view.x0);
        return;
      case 'segment':
        return this.moveSegment(tracks, selection, action.by);
      case 'track':
        return this.moveTrack(tracks, selection, action.by);
      case 'run':
        return this.choose(neighbourRun(tracks, selection, action.by) ?? selection, true);
    }
  }

  private onScreen({ x0 }: Segment): boolean {
    return x0 >= this.view.x0 && x0 <= this.view.x1;
  }

  private moveSegment(tracks: Tracks, selection: Segment | undefined, by: -1 | 1): void {
    if (!selection || tracks.rowOf(selection.track) !== this.current)
      this.selectOnRow(this.current, this.view.x0);
    else {
      const next = neighbour(tracks, selection, by);
      if (next) this.choose(next, true);
    }
  }

  private moveTrack(tracks: Tracks, selection: Segment | undefined, by: number): void {
    const { view, layout } = this;
    const row = Math.max(0, Math.min(tracks.tree().length - 1, this.current + by));
    const x = selection ? Math.max(view.x0, (selection.x0 + Math.min(selection.x1, view.x1)) / 2) : view.x0;
    this.selectOnRow(row, x);
    this.current = row;
    if (row > 0) view.revealRow((row - 1) * layout.row, layout.row);
    this.showGutter(tracks);
    this.gutter.focus(row);
  }
}
