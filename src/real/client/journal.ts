/**
 * What a client process says, line by line, to whoever started it. Written at once and in order:
 * what was said before a pause or a kill has arrived, whatever becomes of the process.
 */
import { writeSync } from 'node:fs';
import type { ClientLine } from './job.js';

/** The pipe that the starter of a client process reads. */
export const JOURNAL_FD = 3;

export class Journal {
  constructor(private readonly fd: number) {}

  say(line: ClientLine): void {
    const text = Buffer.from(`${JSON.stringify(line)}\n`);
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
