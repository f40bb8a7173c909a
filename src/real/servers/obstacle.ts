/**
 * What keeps a server that the user named from being used, and the words that all services share
 * for it.
 */
import { connect as connectTls } from 'node:tls';

/** A clause that goes after the address: `needs a password: …`. */
export class Obstacle extends Error {}

interface Place {
  readonly host: string;
  readonly port: number;
}

export const notThere = (why: string) =>
  new Obstacle(`cannot be reached (${why}): start it, or name another server`);

export const silent = (limitMs: number) =>
  new Obstacle(
    `took the connection and did not answer within ${limitMs} ms: look whether it hangs, or is ` +
      'another service',
  );

export const onlyTls = () =>
  new Obstacle('speaks TLS only, which Holdfast does not: name a port without it');

/** Of a server that answers in another way than the service does, or hangs up. */
export async function stranger(service: string, place: Place, limitMs: number): Promise<Obstacle> {
  if (await speaksTls(place, limitMs)) return onlyTls();
  return new Obstacle(`is no ${service}: something else listens there; name another port`);
}

/** Whether TLS is what a port speaks; its certificate is of no interest. */
export function speaksTls({ host, port }: Place, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    const say = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(limitMs, () => say(false));
    socket.once('secureConnect', () => say(true));
    // A server that wants a certificate of ours has spoken TLS to say so.
    socket.once('error', ({ message }) => say(/alert/i.test(message)));
  });
}
