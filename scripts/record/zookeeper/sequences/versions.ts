/** Deleting, setting, checking: versions, and how stats follow. */
import { type Sequence, sequence, table } from '../sequence.js';

export const VERSIONS: readonly Sequence[] = [
  ...table(
    'versions',
    `create /t/a x
     set /t/a y
     create /t/a/b z
     create /t/free x`,
    `delete /t/a
     delete /t/a 0
     delete /t/a 1
     delete /t/a/b 0 | delete /t/a 1 | delete /t/a
     delete /t/a/b 1
     delete /t/none
     delete /t/none/none
     delete /t/none 3
     delete /t/free -2
     set /t/a z 0
     set /t/a z 1 | set /t/a z 1 | set /t/a z 2
     set /t/a z -1
     set /t/a -
     set /t/a ""
     set /t/none z
     set /t/none z 4
     set /t z
     exists /t/a
     exists /t/none
     get /t/a
     get /t/none
     ls /t/a
     ls2 /t/a
     ls /t/none
     ls2 /t/none
     ls /t/free
     sync /t/none | sync /t
     ephemerals / | ephemerals /t
     ping | exists /t | ping`,
  ),
  sequence(
    'stats of a parent follow its children',
    `exists /t
     create /t/a x
     exists /t
     create /t/b x
     exists /t
     set /t/a y
     exists /t
     delete /t/a
     exists /t
     create /t/a x
     exists /t
     get /t/a`,
  ),
  sequence(
    'refused writes use up a transaction each',
    `create /t/a x
     create /t/a x
     delete /t/none
     set /t/a y 9
     create /t/b x`,
  ),
  sequence(
    'two clients and a version',
    `b: connect 8000
     connect 8000
     create /t/counter 0
     get /t/counter
     b: get /t/counter
     set /t/counter 1 0
     b: set /t/counter 1 0
     b: get /t/counter
     b: set /t/counter 2 1
     get /t/counter`,
  ),
];
