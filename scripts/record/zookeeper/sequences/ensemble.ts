/**
 * Three servers: sessions that move, servers that are cut off, a new leader. Ticks of 500 ms and a
 * syncLimit of ten: after five seconds a server that hears nothing gives up.
 */
import { type Sequence, sequence } from '../sequence.js';

export const ENSEMBLE: readonly Sequence[] = [
  sequence(
    'sessions at followers: writes, watches, sync, close',
    `connect 8000
     b: connect 8000 at 2
     c: connect 8000 at 3
     b: create /t/e x e
     c: exists /t/e w
     create /t/s- x es
     b: create /t/s- y es
     c: sync /t
     c: ls /t
     b: set /t/e y 0
     b: set /t/e y 0
     c: multi check /t/e 1; delete /t/s-0000000001; create /t/f z
     c: exists /t/e w
     b: close
     c: ls2 /t`,
  ),
  sequence(
    'a client of a follower is kept alive by pings, and ends without',
    `connect 10000
     b: connect 1000 at 2
     b: create /t/e x e
     exists /t/e w
     (wait 400)
     b: ping
     (wait 400)
     b: ping
     (wait 400)
     b: ping
     (wait 3000)
     exists /t/e`,
  ),
  sequence(
    'a session moves; a write on the old connection ends that',
    `connect 8000
     b: connect 8000 at 2 as a
     get /t
     c: connect 8000 at 2
     d: connect 8000 at 3 as c
     c: get /t
     c: create /t/c x
     d: create /t/d x e
     b: ls /t`,
  ),
  sequence(
    'a follower that is cut off: stale reads, no writes, and the end',
    `connect 10000
     b: connect 10000 at 2
     create /t/a x
     b: get /t/a
     (isolate 2)
     set /t/a y
     b: get /t/a
     b: ping
     get /t/a
     b: set /t/a z
     b: get /t/a
     (wait 7000)
     c: connect 10000 at 2 as b
     d: connect 10000 at 3 as b
     d: get /t/a`,
  ),
  sequence(
    'a follower that is cut off does not keep the sessions of its clients alive',
    `connect 10000
     b: connect 1000 at 2
     b: create /t/e x e
     exists /t/e w
     (isolate 2)
     (wait 300)
     b: ping
     (wait 300)
     b: ping
     (wait 300)
     b: exists /t/e
     (wait 6000)
     exists /t/e`,
  ),
  sequence(
    'a leader dies: all connections end, sessions and znodes go on at another',
    `connect 10000 at 2
     b: connect 10000 at 3
     create /t/a x
     b: create /t/e x e
     (kill 1)
     (wait 3000)
     c: connect 10000 at 3 as b
     c: get /t/e
     c: get /t/a
     c: create /t/b x
     d: connect 10000 at 2 as a
     d: sync /t
     d: get /t/b`,
  ),
  sequence(
    'a new leader gives sessions their whole timeout again',
    `connect 10000 at 2
     b: connect 9000 at 3
     b: create /t/e x e
     (wait 3000)
     (kill 1)
     (wait 3000)
     c: connect 10000 at 2 as a
     c: get /t/e w
     (wait 9500)
     c: ls /t`,
  ),
].map((each) => ({ ...each, fresh: true as const }));
