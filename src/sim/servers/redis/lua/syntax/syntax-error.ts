/** What is wrong with a chunk's text: `user_script:1: unexpected symbol near '}'`. */
export class LuaSyntaxError {
  constructor(readonly message: string) {}
}
