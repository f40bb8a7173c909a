/**
 * What is set on a client library, with the reason: one table for each library, which the page
 * docs/real-clients.md shows. What R7 of docs/semantics.md asks of a connection is mostly settled
 * here, since client libraries like to send again and to queue.
 */

export interface ClientOption<T = unknown> {
  readonly value: T;
  /** One sentence, without a full stop. */
  readonly why: string;
}

export type ClientOptions = Readonly<Record<string, ClientOption>>;

type Values<T extends ClientOptions> = { -readonly [Name in keyof T]: T[Name]['value'] };

/** The options as the library takes them. */
export function valuesOf<T extends ClientOptions>(options: T): Values<T> {
  const entries = Object.entries(options).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(entries) as Values<T>;
}
