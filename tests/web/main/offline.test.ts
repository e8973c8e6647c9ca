/** A new version that is wanted comes, whatever the worker in use is asked for meanwhile. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepOffline } from '../../../web/src/main/offline';
import { createStore } from '../../../web/src/views/store';

class Worker extends EventTarget {
  readonly state = 'installed';
  postMessage = vi.fn();
}

const reload = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('document', new EventTarget());
  reload.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function offered(leave: () => void) {
  const waiting = new Worker();
  const registration = Object.assign(new EventTarget(), { waiting, installing: null });
  const container = Object.assign(new EventTarget(), { controller: {}, register: async () => registration });
  const store = createStore();
  store.phase.value = 'ready';
  keepOffline(store, container as unknown as ServiceWorkerContainer, leave);
  await vi.advanceTimersByTimeAsync(2000);
  const offer = store.offer.value;
  if (!offer?.action) throw new Error('Nothing is offered.');
  return { container, waiting, take: offer.action.run };
}

test('Python ends before the worker in use is asked to go, and the page comes anew with the new one', async () => {
  const order: string[] = [];
  const { container, waiting, take } = await offered(() => order.push('Python ends'));
  waiting.postMessage.mockImplementation((word) => order.push(word));
  take();
  take();
  expect(order).toEqual(['Python ends', 'take over']);
  expect(reload).not.toHaveBeenCalled();
  container.dispatchEvent(new Event('controllerchange'));
  expect(reload).toHaveBeenCalledTimes(1);
});

test('held up by what another tab asks for, the page comes anew by itself all the same', async () => {
  const { take } = await offered(() => {});
  take();
  await vi.advanceTimersByTimeAsync(3000);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2000);
  expect(reload).toHaveBeenCalledTimes(1);
});
