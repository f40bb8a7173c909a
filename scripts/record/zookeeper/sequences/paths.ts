/** Paths that are none, and what each request says of them. */
import { type Sequence, sequence, table } from '../sequence.js';

const PATHS = [
  '""',
  't',
  't/a',
  '/t/',
  '//',
  '/t//a',
  '/t/.',
  '/t/..',
  '/t/./a',
  '/t/../t/a',
  '/t/...',
  '/t/.a',
  '/t/a.',
  '/t/a..b',
  '"/t/a\\u0000b"',
  '"/t/a\\u0001b"',
  '"/t/a\\u007f"',
  '"/t/a\\u0080"',
  '"/t/é"',
  '"/t/锁"',
  '"/t/\\ue000"',
  '"/t/\\ufff0"',
  '"/t/a b"',
];

export const PATH_ERRORS: readonly Sequence[] = [
  ...PATHS.map((path) =>
    sequence(
      `requests about the path ${path}`,
      `create ${path} x
       create ${path} x ps
       exists ${path}
       get ${path}
       set ${path} y
       ls ${path}
       sync ${path}
       delete ${path} 7
       multi check ${path} 0
       multi create /t/first x; create ${path} x; create /t/last x
       exists /t/first`,
    ),
  ),
  // What sync says again it says in another encoding.
  sequence(
    'requests about a path with surrogates',
    `create /t/🔒 x
     exists /t/🔒
     set /t/🔒 y
     delete /t/🔒`,
  ),
  ...table(
    'delete',
    'create /t/a x',
    `delete /
     delete /zookeeper
     delete /zookeeper/config
     delete /zookeeper/none
     delete /zookeeper/quota/none
     delete t`,
  ),
];
