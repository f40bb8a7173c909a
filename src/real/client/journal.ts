/**
 * What a client process says, line by line, to whoever started it, in order. A write costs more than
 * all else of it, so what is said in one turn of the event loop is written at its end, in one line:
 * if the process is killed from outside, only that of the turn it was in is lost. What must not be
 * lost or late is flushed: before a request leaves, who sees that must have been told of it; and
 * before the process stops or ends itself.
 */
import { writeSync } from 'node:fs';
import type { ClientLine } from './job.js';

/** The pipe that the starter of a client process reads. */
export const JOURNAL_FD = 3;

export class Journal {
  private lines: ClientLine[] = [];
  private isDue = false;

  constructor(private readonly fd: number) {}

  say(line: ClientLine): void {
    this.lines.push(line);
    if (this.isDue) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      this.flush();
    });
  }

  /** All that was said is in the pipe when it returns. */
  flush(): void {
    if (this.lines.length === 0) return;
    const text = Buffer.from(`${JSON.stringify(this.lines)}\n`);
    this.lines = [];
    let at = 0;
    while (at < text.length) at += this.write(text, at);
  }

  /** Bytes written; 0 while the reader is behind. */
  private write(text: Buffer, at: number): number {
    try {
      return writeSync(this.fd, text, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }
}

/** What was said in one turn of a client process. */
export function linesOf(text: string): readonly ClientLine[] {
  return JSON.parse(text) as ClientLine[];
}
