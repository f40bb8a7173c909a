/** Where a real run went another way than its story. */
export class Deviation extends Error {
  override readonly name = 'Deviation';
  constructor(
    message: string,
    /** World time of the story, in microseconds. */
    readonly atUs: number,
  ) {
    super(message);
  }
}

/** What a story needs that is not there: it cannot be played here. */
export class CannotBePlayed extends Error {
  override readonly name = 'CannotBePlayed';
}
