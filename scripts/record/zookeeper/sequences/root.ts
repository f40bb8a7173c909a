/**
 * The root and what every ZooKeeper has below it; each on a server that was just started
 * and is not used again.
 */
import { type Sequence, sequence } from '../sequence.js';

export const ROOT: readonly Sequence[] = [
  sequence(
    'the root',
    `exists /
     get /
     ls /
     ls2 /
     create / x
     create / x ps
     create /- x es
     set / y
     get /
     delete /
     ls2 /
     exists /zookeeper
     ls2 /zookeeper
     get /zookeeper/quota
     create /zookeeper/x y
     create /zookeeper/config/x y
     set /zookeeper/config y
     multi set / z 1; create /a b; check / 2; delete /a
     exists ""
     ls ""
     get ""`,
  ),
  sequence(
    'watches of the root',
    `b: connect 8000
     connect 8000
     b: ls / w
     b: get / w
     create /a x
     set / y
     b: ls / w
     delete /a
     b: addWatch / recursive
     create /a x
     create /a/b x
     delete /a/b
     delete /a`,
  ),
  sequence(
    'an access control list that lets nobody delete',
    `create /t/b data p no-delete
     create /t/b/c data
     delete /t/b/c
     multi set /t/b/c other; delete /t/b/c
     set /t/b/c other`,
  ),
].map((each) => ({ ...each, fresh: true as const }));
