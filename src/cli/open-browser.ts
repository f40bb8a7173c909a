/** Opens an address in the browser of whoever sits at this machine. */
import { spawn } from 'node:child_process';

/** The command that each system opens addresses with; it takes the address as its last word. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const ELSEWHERE = ['xdg-open'] as const;

/**
 * Does not wait for the browser.
 *
 * @param failed hears in a sentence why none was opened; the address can still be opened by hand.
 */
export function openInBrowser(address: string, failed: (sentence: string) => void): void {
  const [command, ...words] = OPENERS[process.platform] ?? ELSEWHERE;
  const child = spawn(command, [...words, address], { detached: true, stdio: 'ignore' });
  const tell = (why: string) => {
    failed(`--open: ${command} ${why}; open the address above by hand`);
  };
  child.once('error', ({ code }: NodeJS.ErrnoException) => {
    tell(code === 'ENOENT' ? 'is not installed' : `cannot be started (${code})`);
  });
  child.once('exit', (code) => {
    if (code !== null && code !== 0) tell(`found no browser (exit code ${code})`);
  });
  child.unref();
}
