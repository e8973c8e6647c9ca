/** In the corner above the tracks' names: which rows are shown, and in which order. */
import type { Order } from '../trace/tree';
import type { Px } from './layout';

export interface RowActions {
  filter(words: string): void;
  order(order: Order): void;
  alive(on: boolean): void;
  /** Back to the rows. */
  leave(): void;
}

const ORDERS: readonly (readonly [Order, string])[] = [
  ['created', 'by creation'],
  ['first', 'by first run'],
  ['time', 'by time run'],
];

/** Fewer tasks are seen at a glance: the tools come when they are asked for. */
const FEW = 7;

export class RowTools {
  readonly element = document.createElement('div');
  private readonly field = document.createElement('input');
  private readonly orders = document.createElement('select');
  private readonly living = document.createElement('button');
  private readonly found = document.createElement('span');
  private asked = false;

  constructor(actions: RowActions) {
    this.element.className = 'ls-rowtools';
    this.element.hidden = true;
    const { field, orders, living, found } = this;
    field.type = 'search';
    field.placeholder = 'Filter  /';
    field.setAttribute('aria-label', 'Filter tasks');
    field.title = 'By name, state, what they wait for, or line 12';
    field.spellcheck = false;
    field.addEventListener('input', () => actions.filter(field.value.trim()));
    field.addEventListener('keydown', (e) => {
      e.stopPropagation();
      if (e.key === 'Escape' && field.value) {
        field.value = '';
        actions.filter('');
      } else if (e.key === 'Escape' || e.key === 'Enter' || e.key === 'ArrowDown') {
        e.preventDefault();
        actions.leave();
      }
    });
    orders.setAttribute('aria-label', 'Order of tasks');
    for (const [value, words] of ORDERS) orders.append(new Option(words, value));
    orders.addEventListener('keydown', (e) => e.stopPropagation());
    orders.addEventListener('change', () => actions.order(orders.value as Order));
    living.type = 'button';
    living.textContent = 'In view';
    living.title = 'Only tasks that live within the window';
    living.addEventListener('click', () => actions.alive(living.getAttribute('aria-pressed') !== 'true'));
    found.className = 'ls-hidden';
    found.setAttribute('aria-live', 'polite');
    this.element.append(field, orders, living, found);
  }

  /** They are there for so many tasks, or are not. True: that has changed, and the room for the picture with it. */
  appear(tasks: number): boolean {
    const hidden = !(tasks > FEW || this.asked || this.field.value);
    if (hidden === this.element.hidden) return false;
    this.element.hidden = hidden;
    return true;
  }

  /** `shown` of `tasks` have a row; `alive`: those outside of the window have none. */
  update(width: Px, shown: number, tasks: number, alive: boolean): void {
    const wide = `${width}px`;
    if (this.element.style.width !== wide) this.element.style.width = wide;
    const pressed = String(alive);
    if (this.living.getAttribute('aria-pressed') !== pressed)
      this.living.setAttribute('aria-pressed', pressed);
    const words = this.field.value ? `${shown} of ${tasks} tasks` : '';
    if (this.found.textContent !== words) this.found.textContent = words;
  }

  /** A new trace: no filter. */
  reset(): void {
    this.field.value = '';
    this.orders.value = 'created';
    this.asked = false;
  }

  focus(): void {
    this.asked = true;
    this.element.hidden = false;
    this.field.focus();
    this.field.select();
  }
}
