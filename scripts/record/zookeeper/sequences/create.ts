/** Creating znodes: kinds, names, sequence numbers, access control lists, and every refusal. */
import { type Sequence, sequence, table } from '../sequence.js';

export const CREATE: readonly Sequence[] = [
  ...table(
    'create',
    `create /t/a data
     create /t/e data e`,
    `create /t/a again
     create /t/b data
     create /t/b -
     create /t/b ""
     create /t/b "zwölf €"
     create /t/b data e
     create2 /t/b data
     create2 /t/b data e
     create2 /t/b- data es
     create /t/b- data ps
     create /t/b- data es
     create /t/ data ps
     create /t/ data es
     create /t/a/b data
     create /t/a/b data e
     create /t/none/b data
     create /t/e/b data
     create /t/e/b data e
     create /t/e/b- data es
     create /t/e/none/b data
     create /t/b data 7
     create /t/b data -1
     create /t/b data t
     create /t/b data ts
     create /t/b data c
     create2 /t/b data 4
     create /t/b data p creator
     create /t/b data p none
     create /t/b data p nobody
     create /t/b data p somebody
     create /t/b data p read | create /t/b/c data | set /t/b other | get /t/b | delete /t/b
     create /t/none/b data p none
     create /t/b/ data p none
     create /t/a data p nobody`,
  ),
  sequence(
    'sequence numbers count creates, not what is there',
    `create /t/a- x ps
     create /t/b- x es
     delete /t/a-0000000000
     create /t/a- x ps
     create /t/plain x
     create /t/a- x es
     ls /t
     ls2 /t
     delete /t/b-0000000001
     create2 /t/a- x ps
     exists /t`,
  ),
  sequence(
    'sequence numbers go on over refused creates',
    `create /t/a x
     create /t/a x
     create /t/none/x- x ps
     create /t/s- x ps
     create /t/s- x ps creator
     create /t/s- x ps`,
  ),
  sequence(
    'a sequential name that is taken',
    `create /t/s-0000000001 x
     create /t/s- x ps
     create /t/s- x ps
     ls /t`,
  ),
  sequence(
    'a znode that is created again is a new one',
    `create2 /t/a x
     create /t/a/b y
     set /t/a z
     delete /t/a/b
     exists /t/a
     delete /t/a
     create2 /t/a x
     create /t/a/s- x ps`,
  ),
  sequence(
    'children come in the order of a hash table',
    `${Array.from({ length: 14 }, (_none, index) => `create /t/lock-${index * 7} x`).join('\n')}
     ls /t
     delete /t/lock-21
     delete /t/lock-0
     ls /t
     create /t/lock-0 x
     ls2 /t`,
  ),
  sequence(
    'many sequential children, and half of them gone',
    `${Array.from({ length: 30 }, () => 'create /t/_c_-lock- x es').join('\n')}
     ls /t
     ephemerals /t
     ${Array.from({ length: 15 }, (_none, index) => `delete /t/_c_-lock-${String(index * 2).padStart(10, '0')}`).join('\n')}
     ls /t
     ephemerals /t/_c_-lock-000000001`,
  ),
];
