/** What a real client or its servers lack, so that a story or a lock cannot be played on them. */
export class MissingPart extends Error {
  override readonly name = 'MissingPart';
  constructor(
    /** As a noun: `PgBouncer in transaction mode`. */
    readonly part: string,
    remedy: string,
  ) {
    super(`${part} is missing: ${remedy}`);
  }
}
