/** How sessions end when nobody hears of them: ticks of 100 ms, requests early in a tick. */
import { type Sequence, sequence, table } from '../sequence.js';

const WATCHER = `
  a: connect 60000
  b: connect 300
  b: create /t/e x e
  a: exists /t/e w
`;

export const EXPIRY: readonly Sequence[] = [
  ...table(
    'a silent client',
    '',
    `connect 200 | (wait 700)
     connect 250 | (wait 700)
     connect 299 | (wait 700)
     connect 300 | (wait 700)
     connect 301 | (wait 700)
     connect 449 | (wait 900)`,
  ),
  ...table(
    'an ephemeral znode',
    WATCHER,
    `(wait 700) | a: exists /t/e
     b: ping | (wait 700)
     (wait 150) | b: ping | (wait 150) | b: ping | (wait 150) | b: ping | (wait 700)
     (wait 200) | b: exists /t | (wait 700)
     (wait 200) | b: create /t/e x | (wait 700)
     (drop b) | (wait 700) | c: connect 300 as b
     (drop b) | (wait 100) | c: connect 300 as b | (wait 700)
     (drop b) | (wait 100) | c: connect 600 as b | (wait 1000)
     (drop b) | (wait 100) | c: connect 200 as b | (wait 700)
     (drop b) | (wait 100) | c: connect 300 as b wrong | (wait 700)
     c: connect 300 as b | b: connect 300 as b | (wait 700)
     b: delete /t/e | (wait 700)
     b: close | (wait 300)
     b: create /t/f x e | b: create /t/g x e | a: addWatch /t recursive | (wait 700)`,
  ),
  sequence(
    'three sessions, each in another tick',
    `a: connect 60000
     b: connect 600
     c: connect 400
     d: connect 200
     b: create /t/b x e
     c: create /t/c x e
     d: create /t/d x e
     a: addWatch /t recursive
     (wait 900)
     a: ls /t`,
  ),
];
