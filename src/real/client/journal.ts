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
import { PortionReader, PortionWriter } from './portion.js';

/** The pipe that the starter of a client process reads. */
export const JOURNAL_FD = 3;
/** What is not waited for is written when there are so many lines of it, or after so long. */
const PORTION = 256;
const LATEST_MS = 20;

export class Journal {
  private readonly portion = new PortionWriter();
  private lines = 0;
  private isDue = false;

  /** `isAwaited`: whether somebody goes by what it says while the run goes on. */
  constructor(
    private readonly fd: number,
    private readonly isAwaited: boolean,
  ) {}

  say(line: ClientLine): void {
    layDown(line, this.portion);
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
    const bytes = this.portion.take();
    this.lines = 0;
    let at = 0;
    while (at < bytes.length) at += this.write(bytes, at);
  }

  /** Bytes written; 0 while the reader is behind. */
  private write(bytes: Buffer, at: number): number {
    try {
      return writeSync(this.fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }
}

/** Reads what a journal writes; of a portion that its process was killed in, nothing. */
export class JournalReader {
  private bytes: Buffer = Buffer.alloc(0);

  constructor(private readonly hear: (line: ClientLine) => void) {}

  read(chunk: Buffer): void {
    this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
    for (;;) {
      const first = PortionReader.first(this.bytes);
      if (first === undefined) return;
      this.bytes = this.bytes.subarray(first.endsAt);
      for (const line of takeUp(first.portion)) this.hear(line);
    }
  }
}
