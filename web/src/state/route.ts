/**
 * The address of the page: which page, and what of it. It stands behind the `#`, so that any static
 * server will do and a file on a disk as well.
 */
import { signal } from '@preact/signals';

export interface Route {
  /** `x`, `lab`, `learn/01-one-holder/3`; empty: the first page. */
  readonly path: string;
  readonly parameters: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { path, parameters: new URLSearchParams(query) };
}

/** `#/x?t=13.3s`; a parameter that is `undefined` is left out. */
export function addressOf(
  path: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string {
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&');
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

export const route = signal(parseRoute(location.hash));

addEventListener('popstate', () => {
  route.value = parseRoute(location.hash);
});

/** Goes to an address; Back leads here again. */
export function go(address: string): void {
  history.pushState(null, '', address);
  route.value = parseRoute(address);
}

/** Says where the page is now, without another entry for Back. */
export function note(address: string): void {
  if (location.hash !== address) history.replaceState(history.state, '', address);
}

/** Says where the page is now, as an entry of its own: Back returns to what was before. */
export function remember(address: string): void {
  if (location.hash !== address) history.pushState(null, '', address);
}
