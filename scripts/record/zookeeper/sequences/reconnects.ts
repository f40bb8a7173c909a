/** Sessions and connections: what is agreed on, coming back, setWatches, and the end. */
import { type Sequence, sequence, table } from '../sequence.js';

const MISSED = `
  connect 8000
  b: connect 8000
  create /t/a x
  create /t/p x
  create /t/p/c x
  b: get /t/a w
  b: exists /t/new w
  b: ls /t/p w
  (drop b)
`;

export const RECONNECTS: readonly Sequence[] = [
  ...table(
    'agreed timeout',
    '',
    `connect 1
     connect 3999
     connect 4000
     connect 4001
     connect 40000
     connect 40001
     connect 0
     connect -5`,
  ),
  ...table(
    'coming back',
    `connect 8000
     create /t/e x e`,
    `b: connect 8000 as a | b: get /t/e
     b: connect 20000 as a | b: get /t/e
     b: connect 1 as a | ping
     b: connect 8000 as a wrong | exists /t/e
     b: connect 8000 as a zxid+1 | b: exists /t/e
     b: connect 8000 as a zxid+9 | exists /t/e
     b: connect 8000 zxid+3 | exists /t/e
     b: connect 8000 zxid+2 | exists /t/e
     (drop a) | b: connect 8000 as a | b: get /t/e | b: delete /t/e
     (drop a) | b: connect 8000 | b: get /t/e | b: delete /t/e`,
  ),
  sequence(
    'a closed session cannot be taken up',
    `connect 8000
     c: connect 8000
     create /t/e x e
     close
     c: exists /t/e
     b: connect 8000 as a`,
  ),
  sequence(
    'the end of a session deletes what is its own, one transaction for all',
    `connect 8000
     b: connect 8000
     create /t/a x e
     create /t/b x e
     create /t/c x
     create /t/c/d- x es
     create /t/c/d- x es
     b: create /t/other x e
     b: ls /t w
     b: ls /t/c w
     b: exists /t/a w
     b: exists /t/b w
     close
     b: ls2 /t
     b: ls2 /t/c`,
  ),
  sequence(
    'who closes hears of its own watches first',
    `connect 8000
     create /t/a x e
     exists /t/a w
     ls /t w
     close`,
  ),
  sequence(
    'ephemeral znodes of many go in the order of a hash table',
    `connect 8000
     b: connect 8000
     ${Array.from({ length: 9 }, (_none, index) => `create /t/lock-${index} x e`).join('\n')}
     b: addWatch /t recursive
     close`,
  ),
  sequence(
    'two ephemeral znodes go in the order of a small hash table',
    `connect 8000
     b: connect 8000
     create /t/b x e
     create /t/a x e
     create /t/c x e
     delete /t/b
     b: addWatch /t recursive
     close`,
  ),
  sequence(
    'a dropped connection loses its watches, not its session',
    `connect 8000
     b: connect 8000
     create /t/a x
     b: create /t/e x e
     b: get /t/a w
     (drop b)
     c: connect 8000 as b
     set /t/a y
     c: get /t/e`,
  ),
  sequence(
    'a second connection takes the session from the first, which is closed',
    `connect 8000
     get /t w
     b: connect 8000 as a
     b: set /t y
     c: connect 8000 as a
     c: create /t/x y e`,
  ),
  sequence(
    'an ephemeral znode of another session',
    `connect 8000
     b: connect 8000
     create /t/e x e
     b: set /t/e y
     b: create /t/e x e
     b: delete /t/e
     close
     b: ls /t`,
  ),
  ...table(
    'setWatches after',
    MISSED,
    `c: connect 8000 as b | c: setWatches zxid+6 data=/t/a exist=/t/new child=/t/p | set /t/a y | create /t/new x | create /t/p/d x
     set /t/a y | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a exist=/t/new child=/t/p | set /t/a z
     delete /t/a | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a exist=/t/new child=/t/p | create /t/a z
     create /t/new x | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a exist=/t/new child=/t/p | set /t/new z
     delete /t/p/c | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a exist=/t/new child=/t/p | create /t/p/e x
     delete /t/p/c | delete /t/p | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a exist=/t/new child=/t/p
     set /t/a y | delete /t/p/c | create /t/new x | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a,/t/p exist=/t/new,/t/q child=/t/p,/t/a,/t
     delete /t/a | create /t/a other | c: connect 8000 as b | c: setWatches zxid+6 data=/t/a
     create /t/new x | delete /t/new | c: connect 8000 as b | c: setWatches zxid+6 exist=/t/new | create /t/new x
     set /t/a y | c: connect 8000 as b | c: setWatches zxid+6 persistent=/t/a recursive=/t/p | set /t/a z | set /t/p/c q | create /t/p/x y
     set /t/p/c y | c: connect 8000 as b | c: setWatches zxid+6 child=/t/p | create /t/p/x y
     set /t/a y | c: connect 8000 as b | c: get /t/a w | c: setWatches zxid+99 data=/t/a | set /t/a z`,
  ),
];
