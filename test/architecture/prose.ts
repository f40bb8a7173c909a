/**
 * What no file of the project says: where somebody's machine keeps things, where packages are
 * fetched from, which document outside of the repository a sentence came from. Such words mean
 * nothing to whoever reads the project, and age badly.
 */
import type { Problem, SourceFile } from './source.js';

const WORDS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/(?<![\w.])\/(?:home|root|Users)\/\w/, 'a path on somebody’s machine'],
  [/(?<![\w.])\/work\/\w/, 'a path on somebody’s machine'],
  [/\bregistry\.[a-z]+\.org\b|\bnpmjs\.com\b|\b(?:deb|security)\.debian\.org\b/, 'a package host'],
  [/(?<![\w/.-])\.\.\/shared\b/, 'a folder outside of the repository'],
  [/\b(?!README|CHANGELOG|CONTRIBUTING|LICENSE)[A-Z]{5,}\.md\b/, 'a document that is not here'],
  [
    /(?<!\w\/[\w.-]+#\d.*|argument )(?<![\w/&"'])#[1-9]\d*\b/,
    'an issue number without its repository',
  ],
  [/\b(?:as|like) (?:you )?(?:requested|instructed|briefed)\b/i, 'how the text came about'],
  [/\b(?:the|my|your) brief\b(?! )/i, 'how the text came about'],
  [/\bsub-?agents?\b|\blanguage models?\b|\bco-?authored-by\b/i, 'how the text came about'],
  [/\b(?:TO[D]O|FIX[M]E)\b/, 'work left over'],
];

/** Every line is about the project. */
export function ownWords({ path, lines }: SourceFile): Problem[] {
  return lines.flatMap((text, index) =>
    WORDS.filter(([pattern]) => pattern.test(text)).map(([pattern, what]) => ({
      path,
      line: index + 1,
      message: `${what}: ${JSON.stringify(pattern.exec(text)?.[0])}`,
    })),
  );
}
