/** How a run ends that nobody waits for any more. */

/** A newer run was asked for before this one had come to its end. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  constructor() {
    super('a newer run was asked for');
  }
}
