/**
 * The timeline: wires trace, window, drawing, gutter and gestures.
 *
 *     setTrace, update ─▶ Camera: Tracks, Viewport ─▶ frame: Strips, rows, chrome ─▶ canvas
 *     pointer, keys ────▶ Viewport, selection ──────▶ frame, onSelect
 *
 * Long, because every gesture ends in the same few fields, and every frame begins with them; what needs them not stands
 * in the files it imports.
 */
import { type Aim, segmentOf } from '../trace/aim';
import { describe, sentence } from '../trace/describe';
import { isFold } from '../trace/folds';
import type { ScaleName, X } from '../trace/scale';
import type { EventIndex, Link, Trace } from '../trace/trace';
import { LOOP_TRACK, type Segment, type Tracks } from '../trace/tracks';
import type { Tree } from '../trace/tree';
import { Camera } from './camera';
import { Card } from './card';
import { Footer } from './footer';
import { Gutter } from './gutter';
import { type KeyAction, keyAction } from './keys';
import { LaneNames, Lanes, lanesOf } from './lanes';
import { type Px, plotWidth } from './layout';
import {
  findAgain,
  type Landmark,
  landmark,
  neighbour,
  neighbourRun,
  runAt,
  segmentAt,
  segmentOnRow,
} from './navigate';
import { Overview } from './overview';
import { paintFrame } from './paint';
import { type Picture, pictureOf } from './picture';
import { listenToPointers } from './pointer';
import { Rhythm } from './rhythm';
import { RowTools } from './rowtools';
import { buildShell, emptyShell, labelCanvas, type Shell, sizeCanvas } from './shell';
import { Strips } from './strips';
import { forgetWidths } from './text';
import { readTheme, type Theme, watchRatio, watchTheme } from './theme';
import type { TimelineOptions, TimelineView } from './types';

/** A frame of a live run puts off what it can after so many milliseconds; one of a run that has an end, later. */
const FULL_MS = 12;
const WHOLE_MS = 25;
/** A run that follows another one mostly has as many tasks, in a moment: what was there for those waits so long. */
const SOON_MS = 1000;

export class Timeline implements TimelineView {
  private readonly camera = new Camera();
  private readonly view = this.camera.view;
  private theme: Theme;
  private strips: Strips | undefined;
  private readonly overview = new Overview(() => this.invalidate());
  private readonly gutter = new Gutter();
  private readonly lanes = new Lanes(() => this.invalidate());
  private readonly laneNames = new LaneNames();
  private readonly card = new Card();
  private readonly footer: Footer;
  private readonly tools: RowTools;
  private readonly shell: Shell;
  private readonly stop = new AbortController();
  private readonly observer: ResizeObserver;

  private readonly rhythm = new Rhythm((now) => this.draw(now));
  /** The last frame left something to this one. */
  private putOff = false;
  /** Nothing of the trace was drawn yet. */
  private opening = true;
  /** The stage has another size, which the next frame takes notice of. */
  private unsized = false;
  /** The rows that had the keyboard's focus went with their trace: the next ones get it. */
  private focusLost = false;
  /** When the trace came. */
  private shownAt = 0;
  private selected: Landmark | undefined;
  private hovered: Segment | undefined;
  private playhead: EventIndex | undefined;
  private path: readonly Link[] | undefined;
  /** Row of the tree that has the tab stop. */
  private current = 1;
  private cardAt: 'pointer' | 'selection' = 'pointer';
  private pointerAt: [Px, Px] = [0, 0];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly options: TimelineOptions,
  ) {
    this.footer = new Footer({
      scale: (name) => {
        if (name === this.scale) return;
        this.setScale(name);
        options.onScaleChange?.(this.scale);
      },
      zoom: (factor) => this.zoomBy(factor),
      fit: () => this.fit(),
      follow: () => this.follow(true),
    });
    const { gutter, card, footer } = this;
    this.tools = new RowTools({
      filter: (words) =>
        this.rearrange((rows) => {
          rows.filter = words;
        }),
      order: (order) =>
        this.rearrange((rows) => {
          rows.order = order;
        }),
      alive: (on) =>
        this.rearrange((rows) => {
          rows.alive = on;
        }),
      leave: () => this.focus(),
    });
    this.shell = buildShell(
      host,
      gutter.element,
      this.laneNames.element,
      card.element,
      footer.element,
      this.tools.element,
      this.tools.nothing,
    );
    this.theme = readTheme(host);
    this.observer = new ResizeObserver(() => this.sized());
    this.observer.observe(this.shell.stage);
    this.observer.observe(this.shell.rem);
    this.listen();
    this.resize();
  }

  get scale(): ScaleName {
    return this.camera.tracks?.scale.name ?? 'turns';
  }

  get following(): boolean {
    return this.camera.following;
  }

  get rest(): number {
    return this.rhythm.rest;
  }

  private get tracks(): Tracks | undefined {
    return this.camera.tracks;
  }

  setTrace(trace: Trace | undefined): void {
    this.camera.setTrace(trace);
    this.selected = undefined;
    this.hovered = undefined;
    this.playhead = undefined;
    this.current = 1;
    this.strips = undefined;
    this.opening = true;
    this.shownAt = performance.now();
    this.focusLost ||= this.gutter.focused;
    this.gutter.clear();
    this.card.hide();
    this.tools.reset();
    this.setFollowing(true);
    this.invalidate();
  }

  update(): void {
    const { camera, rhythm } = this;
    camera.grow();
    rhythm.prepare(() => camera.absorb());
    this.invalidate();
  }

  select(event: EventIndex | undefined, aim?: Aim): void {
    this.camera.absorb();
    const { tracks } = this;
    this.choose(event === undefined || !tracks ? undefined : segmentOf(tracks, event, aim), false);
  }

  setPath(path: readonly Link[] | undefined): void {
    this.path = path;
    this.invalidate();
  }

  setPlayhead(event: EventIndex | undefined): void {
    this.playhead = event;
    this.camera.absorb();
    if (event !== undefined) this.camera.reveal(event);
    this.invalidate();
  }

  setEmpty(words: string): void {
    if (this.shell.empty.textContent !== words) this.shell.empty.textContent = words;
  }

  setScale(scale: ScaleName | undefined): void {
    this.camera.setScale(scale);
    this.invalidate();
  }

  follow(on: boolean): void {
    this.setFollowing(on);
    this.update();
  }

  fit(): void {
    this.camera.absorb();
    this.view.fit();
    this.release();
    this.invalidate();
  }

  focus(): void {
    this.gutter.focus(this.current);
  }

  picture(): Picture | undefined {
    this.camera.absorb();
    const { theme, camera, view, hovered, playhead, path } = this;
    const { layout, tracks } = camera;
    if (!tracks || tracks.blank) return undefined;
    const focus = { selected: this.selection(), hovered, playhead, path };
    const x0 = view.snapped(layout.ratio);
    return pictureOf({ theme, layout, tracks, view, x0, rows: camera.visible(), ...focus });
  }

  destroy(): void {
    this.stop.abort();
    this.observer.disconnect();
    this.rhythm.stop();
    clearTimeout(this.timer);
    emptyShell(this.host);
  }

  // -- the frame

  private invalidate(): void {
    this.rhythm.soon();
  }

  private draw(now: number): void {
    const begin = performance.now();
    this.camera.absorb();
    const { theme, camera, view } = this;
    const { tracks } = camera;
    // The stage gets another size: it is drawn when that is known, in this very frame.
    const soon = begin < this.shownAt + SOON_MS && !tracks?.trace.exit;
    const room = this.tools.appear(tracks ? ownTasks(tracks) : 0, soon);
    if (room === 'changed') return this.invalidate();
    if (room === 'lingers') this.later(SOON_MS);
    // Not before: a canvas of another size is black until it is painted.
    if (this.unsized) this.size();
    const { layout } = camera;
    const { context, canvas, empty } = this.shell;
    context.setTransform(layout.ratio, 0, 0, layout.ratio, 0, 0);
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, layout.width, layout.height);
    empty.hidden = Boolean(tracks && !tracks.blank);
    if (!tracks || tracks.blank) {
      this.tools.tellNothing(false, 0);
      this.gutter.clear();
      this.laneNames.update(undefined, [], layout);
      this.tools.update(layout.gutter, 0, 0, false);
      this.footer.update(theme, undefined, false, layout.ratio);
      return labelCanvas(canvas, 0, 0);
    }
    const focused = tracks.tree()[this.current]?.track;
    const again = camera.arrange(now, this.kept());
    const moved = this.keepCurrent(tracks, focused);
    if (again > 0) this.later(again);
    const rows = camera.visible();
    const x0 = view.snapped(layout.ratio);
    const strips = this.stripsFor(rows[1] - rows[0]);
    const shown = tracks.tree().slice(rows[0], rows[1]);
    const wanted = [LOOP_TRACK, ...shown.filter((row) => !isFold(row)).map((row) => row.track)];
    const ended = tracks.trace.exit !== undefined;
    const intake = ended ? WHOLE_MS : FULL_MS;
    const { opening } = this;
    this.opening = false;
    const stale = strips.prepare(tracks, wanted, x0, view.dx / layout.ratio, intake, ended && opening);
    const { overview, hovered, playhead } = this;
    const selected = this.selection();
    this.settle(tracks, selected);
    const focus = { selected, hovered, playhead, path: this.path };
    const { lanes } = this;
    // What has an end is looked at whole; and where everything is slow, nothing is put off twice.
    const mayWait = !tracks.trace.exit && !this.putOff;
    this.putOff = false;
    const late = (): boolean => {
      const over = mayWait && performance.now() > begin + FULL_MS;
      this.putOff ||= over;
      return over;
    };
    paintFrame(context, {
      ...{ theme, layout, tracks, strips, lanes, overview, view, x0, rows, now, late },
      ...focus,
    });
    const dressed = !(opening && late());
    if (dressed) this.dress(tracks, moved);
    labelCanvas(canvas, ownTasks(tracks), tracks.scale.runs.phases, stale);
    if (stale || !dressed) this.invalidate();
  }

  /** What stands around the canvas and over it. `moved`: another row has the tab stop. */
  private dress(tracks: Tracks, moved: boolean): void {
    const { theme, camera, lanes, gutter, tools, path } = this;
    const { layout } = camera;
    const { trace, rows } = tracks;
    // Somebody may have gone elsewhere meanwhile.
    const lost = this.focusLost && document.activeElement === document.body;
    const hadFocus = lost || (moved && gutter.focused);
    this.focusLost = false;
    this.showGutter(tracks);
    if (hadFocus) gutter.focus(this.current, !lost);
    this.laneNames.update(trace, lanesOf(tracks, layout), layout, lanes);
    this.footer.update(theme, tracks, !trace.exit && !this.following, layout.ratio, Boolean(path?.length));
    tools.update(layout.gutter, camera.rows, ownTasks(tracks), rows.onlyAlive);
    tools.tellNothing(camera.rows === 0, layout.rowsTop);
    this.showCard();
  }

  /** The track whose row stays in place when others come and go: the one under the pointer, else the selected one. */
  private kept(): number {
    return this.hovered?.track ?? this.selected?.track ?? 0;
  }

  /** The tab stop stays with its track when other rows come and go. True: it is another row now. */
  private keepCurrent(tracks: Tracks, focused: number | undefined): boolean {
    const row = focused === undefined ? -1 : tracks.rowOf(focused);
    const last = tracks.tree().length - 1;
    const before = this.current;
    this.current = row >= 0 ? row : Math.max(0, Math.min(before, last));
    return this.current !== before;
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.invalidate(), milliseconds);
  }

  /** Changes which rows there are. `keep`: the track whose row stays in place; 0: the first one in view. */
  private rearrange(change: (rows: Tree) => void, keep = this.kept()): void {
    const { tracks, camera } = this;
    if (!tracks) return;
    const focused = tracks.tree()[this.current]?.track ?? 0;
    change(tracks.rows);
    camera.arrangeNow(keep);
    this.current = Math.max(0, tracks.rowOf(focused));
    if (this.current === 0 && tracks.tree().length > 1) this.current = 1;
    this.invalidate();
  }

  private stripsFor(rows: number): Strips {
    const { layout } = this.camera;
    const width = Math.round(plotWidth(layout) * layout.ratio);
    // Rows come and go while scrolling: two more than can be seen, and the loop's.
    const capacity = rows + 3;
    if (!this.strips?.fits(this.theme, width, layout.ratio, capacity))
      this.strips = new Strips(this.theme, width, layout.ratio, capacity * 2);
    return this.strips;
  }

  private showGutter(tracks: Tracks): void {
    const { camera, view } = this;
    const selected = this.selected ? tracks.rowOf(this.selected.track) : -1;
    this.gutter.update(tracks, camera.layout, view.top, camera.visible(), this.current, selected);
  }

  private sized(): void {
    // A live run's first picture comes a frame after the tools above its rows: both at once would hold the page up.
    const { tracks } = this;
    this.unsized = this.opening && tracks !== undefined && !tracks.blank && !tracks.trace.exit;
    if (this.unsized) this.invalidate();
    else this.resize();
  }

  private resize(): void {
    this.size();
    // Not in the next frame: the resized canvas is blank until it is drawn.
    this.rhythm.now(performance.now());
  }

  private size(): void {
    this.unsized = false;
    const { canvas, stage } = this.shell;
    const box = stage.getBoundingClientRect();
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    const theme = readTheme(this.host);
    // A new one makes every picture anew.
    if (theme.unit !== this.theme.unit) this.theme = theme;
    this.camera.resize(Math.round(box.width), Math.round(box.height), ratio, theme.unit);
    const { layout } = this.camera;
    this.host.classList.toggle('ls-narrow', layout.narrow);
    sizeCanvas(canvas, layout.width, layout.height, ratio);
  }

  // -- selection, hover

  private selection(): Segment | undefined {
    return this.selected && this.tracks && findAgain(this.tracks, this.selected);
  }

  /** Selects a segment; `byUser`: tells the page and the screen reader. */
  private choose(segment: Segment | undefined, byUser: boolean, reveal = byUser): void {
    const { tracks, view, camera } = this;
    this.selected = segment && tracks && landmark(tracks, segment);
    if (segment && tracks) {
      if (tracks.rowOf(segment.track) < 0) {
        tracks.rows.reveal(segment.track);
        camera.arrangeNow(0);
      }
      const row = tracks.rowOf(segment.track);
      if (row >= 0) this.current = row;
      camera.revealRow(row);
      if (segment.x1 < view.x0 || segment.x0 > view.x1 || reveal)
        view.reveal(segment.x0, Math.min(segment.x1, segment.x0 + view.dx * 40));
      if (byUser) this.shell.live.textContent = sentence(describe(tracks, segment));
    } else if (byUser) this.shell.live.textContent = '';
    this.invalidate();
    if (!byUser) return;
    const known = segment && tracks && segment.event < tracks.trace.count ? segment.event : undefined;
    this.options.onSelect?.(known, segment);
  }

  /** A run that was selected while it lasted has its event now. */
  private settle(tracks: Tracks, found: Segment | undefined): void {
    const before = this.selected?.event;
    if (!found || !this.selected || before === found.event) return;
    this.selected = landmark(tracks, found);
    if (found.event < tracks.trace.count) this.options.onSelect?.(found.event, found);
  }

  private hit(x: Px, y: Px): Segment | undefined {
    return this.tracks && segmentAt(this.tracks, this.camera.layout, this.view, x, y);
  }

  private hover(segment: Segment | undefined): void {
    const same = segment?.track === this.hovered?.track && segment?.index === this.hovered?.index;
    this.hovered = segment;
    if (same) return;
    this.invalidate();
    if (this.tracks) this.options.onHover?.(segment && { segment, told: describe(this.tracks, segment) });
  }

  /** The window has moved: something else may lie under the pointer. */
  private look(): void {
    if (this.hovered) this.hover(this.hit(...this.pointerAt));
    this.invalidate();
  }

  private showCard(): void {
    const { tracks } = this;
    const segment =
      this.cardAt === 'pointer' ? this.hovered : this.gutter.focused ? this.selection() : undefined;
    if (!tracks || !segment) return this.card.hide();
    const at = this.cardAt === 'pointer' ? this.pointerAt : this.camera.place(segment);
    this.card.show(tracks, segment, at, this.camera.layout);
  }

  // -- what the user does

  private setFollowing(on: boolean): void {
    if (on === this.following) return;
    this.camera.following = on;
    this.options.onFollowChange?.(on);
  }

  /** The user's own pan or zoom releases a live run. */
  private release(): void {
    if (this.tracks && !this.tracks.trace.exit) this.setFollowing(false);
    else this.camera.following = false;
  }

  private zoomBy(factor: number, at = plotWidth(this.camera.layout) / 2): void {
    this.release();
    this.view.zoom(factor, at);
    this.look();
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
      this.shell.stage,
      this.shell.canvas,
      {
        zone: (y) => {
          const { axisTop, loopTop } = this.camera.layout;
          return y < axisTop ? 'overview' : y < loopTop ? 'axis' : 'tracks';
        },
        drag: (dx, dy, x, zone) => {
          if (zone === 'axis') return this.scrub(x);
          this.release();
          if (zone === 'overview') this.view.pan(dx * this.camera.overviewStep);
          else this.camera.move(-dx, -dy);
          this.hover(undefined);
          this.invalidate();
        },
        zoom: (factor, x) => this.zoomBy(factor, Math.max(0, x - this.camera.layout.gutter)),
        wheel: (dx, dy) => {
          const { panned, scrolled } = this.camera.move(dx, dy);
          if (panned) this.release();
          if (panned || scrolled) this.look();
          return panned || scrolled || dx !== 0;
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
    this.gutter.listen(
      {
        focus: (row) => {
          this.current = row;
          this.invalidate();
        },
        blur: () => this.invalidate(),
        // Its first segment on screen is selected.
        click: (row) => {
          this.catchUp();
          this.cardAt = 'pointer';
          if (this.isFold(row)) this.fold(row);
          else this.selectOnRow(row, this.view.begin);
        },
        fold: (row) => this.fold(row),
      },
      signal,
    );
    watchRatio(() => this.resize(), signal);
    watchTheme(() => {
      this.theme = readTheme(this.host);
      forgetWidths();
      this.invalidate();
    }, signal);
  }

  private press(x: Px, y: Px, touch: boolean): void {
    this.catchUp();
    const { view, tracks, camera } = this;
    const { layout } = camera;
    if (!tracks) return;
    if (y < layout.axisTop) {
      // On the strip: the window comes to the pointer, unless it is there already.
      const [a, b] = this.overview.window(layout, tracks, view);
      if (x >= a && x <= b) return;
      this.release();
      view.pan((x - (a + b) / 2) * camera.overviewStep);
      this.invalidate();
      return;
    }
    if (y < layout.loopTop) return this.scrub(x);
    this.choose(this.hit(x, y), true);
    // A finger covers what it points at: the card stands below it.
    this.cardAt = touch ? 'selection' : 'pointer';
    this.showGutter(tracks);
    this.gutter.focus(this.current, false);
  }

  /** The playhead comes to x: to what the loop ran there, or before. */
  private scrub(x: Px): void {
    const { tracks, view, camera } = this;
    if (!tracks) return;
    const run = runAt(tracks, view.toX(x - camera.layout.gutter));
    if (run) this.choose(run, true, false);
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
    this.catchUp();
    this.act(action, this.tracks);
  }

  /** What has just come is read a frame later: a key or a click means it, too. */
  private catchUp(): void {
    this.camera.grow();
    this.camera.absorb();
  }

  private act(action: KeyAction, tracks: Tracks): void {
    const { view } = this;
    const selection = this.selection();
    switch (action.do) {
      case 'zoom':
        return this.zoomBy(action.factor, selection && view.at(selection.x0));
      case 'pan':
        this.release();
        view.pan(action.share * plotWidth(this.camera.layout));
        return this.invalidate();
      case 'fit':
        return this.fit();
      case 'closer':
        return this.zoomTo(selection);
      case 'clear':
        this.hover(undefined);
        return this.choose(undefined, true);
      case 'select':
        if (this.isFold(this.current)) this.fold(this.current);
        else if (selection) this.choose(selection, true);
        else this.selectOnRow(this.current, view.begin);
        return;
      case 'fold':
        return this.fold(this.current);
      case 'filter':
        return this.tools.focus();
      case 'segment':
        return this.moveSegment(tracks, selection, action.by);
      case 'track':
        return this.moveTrack(tracks, selection, action.by);
      case 'run':
        return this.choose(neighbourRun(tracks, selection, action.by) ?? selection, true);
    }
  }

  /** Whether a row stands for finished tasks: there is nothing of it to select. */
  private isFold(row: number): boolean {
    const shown = this.tracks?.tree()[row];
    return shown !== undefined && isFold(shown);
  }

  /** Hides what is below a row, or shows it again. */
  private fold(row: number): void {
    const track = this.tracks?.tree()[row];
    if (!track || track.children === 0) return;
    this.rearrange((rows) => rows.toggle(track.track), 0);
  }

  private moveSegment(tracks: Tracks, selection: Segment | undefined, by: -1 | 1): void {
    if (this.isFold(this.current)) return;
    if (!selection || tracks.rowOf(selection.track) !== this.current)
      this.selectOnRow(this.current, this.view.begin);
    else {
      const next = neighbour(tracks, selection, by);
      if (next) this.choose(next, true);
    }
  }

  private moveTrack(tracks: Tracks, selection: Segment | undefined, by: number): void {
    const row = Math.max(0, Math.min(tracks.tree().length - 1, this.current + by));
    if (!this.isFold(row)) this.selectOnRow(row, this.camera.middle(selection));
    this.current = row;
    this.camera.revealRow(row);
    this.showGutter(tracks);
    this.gutter.focus(row);
  }
}

/** How many tasks have rows: asyncio's own have none. */
function ownTasks({ trace }: Tracks): number {
  return trace.tasks.length - trace.libraryTasks.size;
}
