/**
 * A portion of a client's journal on its way through a pipe: numbers as they stand in memory, and
 * texts once each, named by where they stand. Recording must cost a client next to nothing, and
 * numbers in decimals and names said again are most of what JSON costs. Both ends are processes of
 * one machine, so the order of bytes is theirs.
 */

/** Before each portion: how many bytes its texts take, and how many numbers it has. */
const HEADER_BYTES = 2 * Uint32Array.BYTES_PER_ELEMENT;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** No line has as many fields. */
const ROOM = 32;
/** JSON's quotation marks and commas, and brackets around them all. */
const AROUND_A_TEXT = 3;
/** `\u0000` is the most that JSON makes of a character of UTF-16, or three bytes of UTF-8. */
const BYTES_OF_A_CHARACTER = 6;

export class PortionWriter {
  private numbers = new Float64Array(1_024);
  private count = 0;
  private readonly places = new Map<string, number>();
  private texts: string[] = [];
  private characters = 0;
  private bytes: Buffer = Buffer.alloc(0);

  /** A line begins. */
  line(kind: number): void {
    if (this.count + ROOM > this.numbers.length) this.grow();
    this.numbers[this.count++] = kind;
  }

  /** Not a number stands for what is not there. */
  number(value: number | undefined): void {
    this.numbers[this.count++] = value === undefined ? Number.NaN : value;
  }

  flag(value: boolean | undefined): void {
    this.number(value === undefined ? undefined : Number(value));
  }

  /** A text that may be said again. */
  text(value: string | undefined): void {
    if (value === undefined) {
      this.numbers[this.count++] = Number.NaN;
      return;
    }
    let place = this.places.get(value);
    if (place === undefined) {
      place = this.texts.length;
      this.places.set(value, place);
      this.add(value);
    }
    this.numbers[this.count++] = place;
  }

  /** A text that is hardly ever said again: to look for it costs more than to write it. */
  onceText(value: string): void {
    this.numbers[this.count++] = this.texts.length;
    this.add(value);
  }

  /** All of it as it is written, valid until the next one is taken; a new portion begins. */
  take(): Buffer {
    const { count } = this;
    const most = this.characters * BYTES_OF_A_CHARACTER + this.texts.length * AROUND_A_TEXT + 2;
    const room = HEADER_BYTES + most + count * NUMBER_BYTES;
    if (room > this.bytes.length) this.bytes = Buffer.allocUnsafe(2 * room);
    const { bytes } = this;
    const textBytes = bytes.write(JSON.stringify(this.texts), HEADER_BYTES);
    bytes.writeUInt32LE(textBytes, 0);
    bytes.writeUInt32LE(count, HEADER_BYTES / 2);
    const at = HEADER_BYTES + textBytes;
    bytes.set(new Uint8Array(this.numbers.buffer, 0, count * NUMBER_BYTES), at);
    this.count = 0;
    this.places.clear();
    this.texts = [];
    this.characters = 0;
    return bytes.subarray(0, at + count * NUMBER_BYTES);
  }

  private add(value: string): void {
    this.texts.push(value);
    this.characters += value.length;
  }

  private grow(): void {
    const more = new Float64Array(2 * this.numbers.length);
    more.set(this.numbers);
    this.numbers = more;
  }
}

/** The fields of one portion, in the order in which they were written. */
export class PortionReader {
  private at = 0;

  private constructor(
    private readonly numbers: Float64Array,
    private readonly texts: readonly string[],
  ) {}

  /** The portion that `bytes` begin with, and where it ends; nothing unless all of it is there. */
  static first(bytes: Buffer): { portion: PortionReader; endsAt: number } | undefined {
    if (bytes.length < HEADER_BYTES) return undefined;
    const numbersAt = HEADER_BYTES + bytes.readUInt32LE(0);
    const numbers = new Float64Array(bytes.readUInt32LE(HEADER_BYTES / 2));
    const endsAt = numbersAt + numbers.byteLength;
    if (bytes.length < endsAt) return undefined;
    new Uint8Array(numbers.buffer).set(bytes.subarray(numbersAt, endsAt));
    const texts = JSON.parse(bytes.toString('utf8', HEADER_BYTES, numbersAt)) as string[];
    return { portion: new PortionReader(numbers, texts), endsAt };
  }

  get isOver(): boolean {
    return this.at === this.numbers.length;
  }

  number(): number {
    return this.numbers[this.at++]!;
  }

  perhapsNumber(): number | undefined {
    const value = this.number();
    return Number.isNaN(value) ? undefined : value;
  }

  flag(): boolean | undefined {
    const value = this.perhapsNumber();
    return value === undefined ? undefined : value !== 0;
  }

  text<T extends string = string>(): T {
    return this.texts[this.number()] as T;
  }

  perhapsText<T extends string = string>(): T | undefined {
    const place = this.perhapsNumber();
    return place === undefined ? undefined : (this.texts[place] as T);
  }
}
