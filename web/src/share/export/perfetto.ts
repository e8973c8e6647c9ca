/**
 * Perfetto's protobuf: a track for each task below the track of the task that created it, what it waits for as slices,
 * wake-ups as flows, the length of the ready queue as a counter. Field numbers are those of perfetto_trace.proto.
 */
import type { Trace } from '../../trace/trace';
import { type Args, Model, type Slice } from './model';
import { Writer } from './protobuf';

const TRACE = { packet: 1 };
const PACKET = { timestamp: 8, sequence: 10, event: 11, interned: 12, flags: 13, descriptor: 60 };
const DESCRIPTOR = { uuid: 1, name: 2, parent: 5, counter: 8, ordering: 11, rank: 12, merging: 15 };
const EVENT = {
  annotation: 4,
  type: 9,
  nameId: 10,
  track: 11,
  category: 22,
  name: 23,
  value: 30,
  sends: 47,
  receives: 48,
};
const ANNOTATION = { real: 5, text: 6, name: 10 };
const INTERNED = { names: 2 };
const NAME = { id: 1, name: 2 };
const TYPE = { BEGIN: 1, END: 2, INSTANT: 3, COUNTER: 4 };
const EXPLICIT_ORDER = 3;
const NEVER_MERGE = 2;
const COUNT = 2;
/** Interned names hold from the packet that clears them on. */
const CLEARED = 1;
const NEEDS_NAMES = 2;

const ROOT = 1;
const QUEUE = 2;
/** Of track 0; the others follow. */
const FIRST = 3;
const SEQUENCE = 1;
/** Bytes of one piece. */
const PIECE = 1 << 20;

/** The file, in pieces. */
export function* perfettoTrace(trace: Trace): Generator<Uint8Array<ArrayBuffer>> {
  const out = new Writer();
  for (const packet of packets(new Model(trace))) {
    out.message(TRACE.packet, packet.number(PACKET.sequence, SEQUENCE));
    if (out.length > PIECE) yield out.take();
  }
  yield out.take();
}

function* packets(model: Model): Generator<Writer> {
  yield new Writer()
    .number(PACKET.flags, CLEARED)
    .message(
      PACKET.descriptor,
      new Writer()
        .number(DESCRIPTOR.uuid, ROOT)
        .text(DESCRIPTOR.name, 'asyncio')
        .number(DESCRIPTOR.ordering, EXPLICIT_ORDER),
    );
  let rank = 0;
  const place = (uuid: number, parent: number, name: string): Writer =>
    new Writer()
      .number(DESCRIPTOR.uuid, uuid)
      .number(DESCRIPTOR.parent, parent)
      .text(DESCRIPTOR.name, name)
      .number(DESCRIPTOR.rank, rank++)
      .number(DESCRIPTOR.ordering, EXPLICIT_ORDER)
      .number(DESCRIPTOR.merging, NEVER_MERGE);
  for (const { id, name, parent } of model.tracks) {
    yield new Writer().message(
      PACKET.descriptor,
      place(FIRST + id, parent === undefined ? ROOT : FIRST + parent, name),
    );
    if (id === 0) {
      const counter = place(QUEUE, ROOT, 'ready queue length').message(
        DESCRIPTOR.counter,
        new Writer().number(3, COUNT),
      );
      yield new Writer().message(PACKET.descriptor, counter);
    }
  }
  for (const { at, value } of model.readyQueue())
    yield packet(
      at,
      new Writer().number(EVENT.type, TYPE.COUNTER).number(EVENT.track, QUEUE).number(EVENT.value, value),
    );
  const names = new Map<string, number>();
  for (const { id } of model.tracks) {
    for (const slice of model.slices(id)) {
      yield begin(slice, names);
      yield packet(slice.end, new Writer().number(EVENT.type, TYPE.END).number(EVENT.track, FIRST + id));
    }
    for (const { at, name, args } of model.marks(id)) {
      const event = new Writer()
        .number(EVENT.type, TYPE.INSTANT)
        .number(EVENT.track, FIRST + id)
        .text(EVENT.name, name);
      annotate(event, args);
      yield packet(at, event);
    }
  }
}

function packet(at: number, event: Writer): Writer {
  return new Writer()
    .number(PACKET.timestamp, at)
    .number(PACKET.flags, NEEDS_NAMES)
    .message(PACKET.event, event);
}

/** The begin of a slice. Most names come again and again: each is sent once. */
function begin(slice: Slice, names: Map<string, number>): Writer {
  const known = names.get(slice.name);
  const name = known ?? names.size + 1;
  const event = new Writer()
    .number(EVENT.type, TYPE.BEGIN)
    .number(EVENT.track, FIRST + slice.track)
    .text(EVENT.category, slice.category)
    .number(EVENT.nameId, name);
  annotate(event, slice.args);
  for (const flow of slice.sends) event.fixed64(EVENT.sends, flow + 1);
  for (const flow of slice.receives) event.fixed64(EVENT.receives, flow + 1);
  const made = packet(slice.begin, event);
  if (known === undefined) {
    names.set(slice.name, name);
    made.message(
      PACKET.interned,
      new Writer().message(INTERNED.names, new Writer().number(NAME.id, name).text(NAME.name, slice.name)),
    );
  }
  return made;
}

function annotate(event: Writer, args: Args): void {
  for (const [name, value] of Object.entries(args)) {
    const annotation = new Writer().text(ANNOTATION.name, name);
    if (typeof value === 'string') annotation.text(ANNOTATION.text, value);
    else annotation.double(ANNOTATION.real, value);
    event.message(EVENT.annotation, annotation);
  }
}
