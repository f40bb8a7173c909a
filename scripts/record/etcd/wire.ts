/**
 * As much of the protocol buffers' wire format as etcd's messages need: varints and
 * length-delimited fields (protobuf.dev, "Encoding"). A message is described by the numbers and
 * kinds of its fields; what is absent is 0, '', `false`, `[]` or, of a message, `undefined`.
 */

/** A whole number that a double cannot hold stays a bigint. */
export type Whole = number | bigint;
export type Value = Whole | string | boolean | Message | undefined | readonly Value[];
export interface Message {
  readonly [field: string]: Value;
}

export interface Field {
  readonly number: number;
  readonly kind: 'int' | 'bool' | 'text' | 'ints' | Descriptor;
  readonly isList: boolean;
}
export interface Descriptor {
  readonly [name: string]: Field;
}

const field = (number: number, kind: Field['kind'], isList = false): Field => ({
  number,
  kind,
  isList,
});
export const int = (number: number): Field => field(number, 'int');
export const bool = (number: number): Field => field(number, 'bool');
export const text = (number: number): Field => field(number, 'text');
export const texts = (number: number): Field => field(number, 'text', true);
/** Numbers in one piece, as lists of numbers come. */
export const ints = (number: number): Field => field(number, 'ints');
export const one = (number: number, kind: Descriptor): Field => field(number, kind);
export const many = (number: number, kind: Descriptor): Field => field(number, kind, true);

const VARINT = 0;
const LENGTH_DELIMITED = 2;

function varint(value: Whole): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function delimited(number: number, body: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | LENGTH_DELIMITED), varint(body.length), body]);
}

export function encode(descriptor: Descriptor, message: Message): Buffer {
  const parts = Object.entries(descriptor).flatMap(([name, { number, kind, isList }]) => {
    const value = message[name];
    // As proto3 has it; etcd takes an empty `range_end` that is sent for another thing than none.
    if (value === undefined || value === 0 || value === '' || value === false) return [];
    const values = isList ? (value as readonly Value[]) : [value];
    return values.map((item) => encodeField(number, kind, item));
  });
  return Buffer.concat(parts);
}

function encodeField(number: number, kind: Field['kind'], value: Value): Buffer {
  if (kind === 'text') return delimited(number, Buffer.from(value as string, 'utf8'));
  if (kind === 'ints') {
    return delimited(number, Buffer.concat((value as readonly Whole[]).map(varint)));
  }
  if (typeof kind === 'object') return delimited(number, encode(kind, value as Message));
  return Buffer.concat([
    varint((number << 3) | VARINT),
    varint(kind === 'bool' ? Number(value) : (value as Whole)),
  ]);
}

class Reader {
  private at = 0;
  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at]!;
      this.at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  delimited(): Buffer {
    const length = Number(this.varint());
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function whole(value: bigint): Whole {
  const signed = BigInt.asIntN(64, value);
  const double = Number(signed);
  return Number.isSafeInteger(double) ? double : signed;
}

function absent({ kind, isList }: Field): Value {
  if (isList || kind === 'ints') return [];
  if (typeof kind === 'object') return undefined;
  return kind === 'int' ? 0 : kind === 'bool' ? false : '';
}

export function decode(descriptor: Descriptor, bytes: Buffer): Message {
  const fields = Object.entries(descriptor);
  const message: Record<string, Value> = {};
  for (const [name, known] of fields) message[name] = absent(known);
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const raw = (tag & 7) === VARINT ? reader.varint() : reader.delimited();
    const found = fields.find(([, { number }]) => number === tag >> 3);
    if (found === undefined) continue;
    const [name, { kind, isList }] = found;
    const value = decodeField(kind, raw);
    message[name] = isList ? [...(message[name] as readonly Value[]), value] : value;
  }
  return message;
}

function decodeField(kind: Field['kind'], raw: bigint | Buffer): Value {
  if (typeof raw === 'bigint') return kind === 'bool' ? raw !== 0n : whole(raw);
  return typeof kind === 'object' ? decode(kind, raw) : raw.toString('utf8');
}
