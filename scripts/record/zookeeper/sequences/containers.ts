/** Container znodes, which the server removes when their last child has gone. */
import { type Sequence, sequence } from '../sequence.js';

export const CONTAINERS: readonly Sequence[] = [
  sequence(
    'a container that never had children stays',
    `create /t/c x c
     get /t/c
     (wait 900)
     exists /t/c
     create /t/c/a x
     (wait 900)
     exists /t/c`,
  ),
  sequence(
    'a container goes with its last child',
    `b: connect 8000
     connect 8000
     create /t/c x c
     create /t/c/a x e
     create /t/c/b x
     (wait 900)
     delete /t/c/a
     (wait 900)
     b: exists /t/c w
     delete /t/c/b
     (wait 900)
     exists /t/c`,
  ),
  sequence(
    'a container in a container goes in the round after',
    `create /t/c x c
     create /t/c/d x c
     create /t/c/d/a x
     delete /t/c/d/a
     (wait 1600)
     ls /t`,
  ),
];
