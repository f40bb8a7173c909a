/**
 * What a client process says to whoever started it, in order. Each write wakes a reader, which
 * costs more than all else about a journal, so it is written in portions. Who is waited for, line
 * by line, as in a story, writes at the end of each turn of the event loop and before a request
 * leaves: who sees that must have been told of it. Else it is written now and then, and nobody may
 * kill the process from outside: it stops or ends itself when it is told to (`RealProcess.strike`),
 * having said all that it did until then.
 */
import { writeSync } from 'node:fs';
import type { ClientLine } from './job.js';
import { layDown, takeUp } from './journal-lines.js';

/** The pipe that the starter of a client process reads. */
export const JOURNAL_FD = 3;
/** What is not waited for is written when there are so many lines of it, or after so long. */
const PORTION = 256;
const LATEST_MS = 20;

export class Journal {
  /** What is to be written, as `layDown` leaves it; and how many lines that is. */
  private values: unknown[] = [];
  private lines = 0;
  private isDue = false;
  private bytes = Buffer.alloc(0);

  /** `isAwaited`: whether somebody goes by what it says while the run goes on. */
  constructor(
    private readonly fd: number,
    private readonly isAwaited: boolean,
  ) {}

  say(line: ClientLine): void {
    layDown(line, this.values);
    if (++this.lines >= PORTION) this.flush();
    if (this.isDue) return;
    this.isDue = true;
    const due = () => {
      this.isDue = false;
      this.flush();
    };
    if (this.isAwaited) setImmediate(due);
    else setTimeout(due, LATEST_MS);
  }

  /** A request leaves next. */
  beforeRequest(): void {
    if (this.isAwaited) this.flush();
  }

  /** All that was said is in the pipe when it returns. */
  flush(): void {
    if (this.lines === 0) return;
    const text = `${JSON.stringify(this.values)}\n`;
    this.values = [];
    this.lines = 0;
    // No character of UTF-16 takes more than three bytes of UTF-8.
    if (text.length * 3 > this.bytes.length) this.bytes = Buffer.allocUnsafe(text.length * 4);
    const length = this.bytes.write(text);
    let at = 0;
    while (at < length) at += this.write(at, length - at);
  }

  /** Bytes written; 0 while the reader is behind. */
  private write(at: number, length: number): number {
    try {
      return writeSync(this.fd, this.bytes, at, length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }
}

/** What was said in one portion; nothing if its process was killed while it wrote that. */
export function linesOf(text: string): ClientLine[] {
  return text.endsWith(']') ? takeUp(JSON.parse(text) as unknown[]) : [];
}
