/** Transactions: all or nothing, one zxid, and what each operation answers. */
import { type Sequence, sequence, table } from '../sequence.js';

export const MULTI: readonly Sequence[] = [
  ...table(
    'multi',
    `create /t/a x
     create /t/e x e`,
    `multi
     multi check /t/a 0
     multi check /t/a 1
     multi check /t/none 0
     multi check /t/none -1
     multi create /t/b y
     multi create /t/b y e
     multi create /t/s- y ps; create /t/s- y es; create /t/s- y ps | ls /t
     multi create /t/a y; create /t/b y | exists /t/b
     multi create /t/b y; create /t/b y | exists /t/b
     multi create /t/b y; create /t/b/c z; create /t/b/c/d z | ls2 /t/b
     multi create /t/b y e; create /t/b/c z | exists /t/b
     multi delete /t/a
     multi delete /t/a; delete /t/a | exists /t/a
     multi delete /t/a; create /t/a again | get /t/a
     multi create /t/a/b y; delete /t/a | ls /t/a
     multi create /t/a/b y; delete /t/a/b; delete /t/a | ls /t
     multi delete /t/a; create /t/a/b y | exists /t/a
     multi set /t/a y; set /t/a z; set /t/a w 2 | get /t/a
     multi set /t/a y; check /t/a 1 | get /t/a
     multi set /t/a y; check /t/a 0 | get /t/a
     multi check /t/a 0; set /t/a y 0; delete /t/e 0 | ls /t
     multi check /t/a 0; delete /t/none; set /t/a y | get /t/a
     multi create /t/e/x y; set /t/a y | get /t/a
     multi create /t/b y p creator; set /t/a z | get /t/a
     multi create /t/b y p none
     multi create /t/b y 9; delete /t/a | exists /t/a
     multi create /t/c y c; create /t/c/x y | exists /t/c
     multi set /t/a "" ; set /t/a - | get /t/a
     multi create /t/s- y ps; create /t/none/x y; create /t/s- y ps | create /t/s- z ps`,
  ),
  sequence(
    'a transaction fires watches once it is whole',
    `b: connect 8000
     connect 8000
     create /t/a x
     b: exists /t/b w
     b: get /t/a w
     b: ls /t w
     multi create /t/b y; set /t/a z; delete /t/none
     multi create /t/b y; set /t/a z; delete /t/a
     b: ls /t`,
  ),
  sequence(
    'a znode that comes and goes in one transaction',
    `b: connect 8000
     connect 8000
     b: exists /t/b w
     b: ls /t w
     multi create /t/b y; delete /t/b
     b: exists /t/b
     exists /t`,
  ),
  sequence(
    'two clients compare and swap in transactions',
    `b: connect 8000
     connect 8000
     create /t/owner nobody
     multi check /t/owner 0; set /t/owner a
     b: multi check /t/owner 0; set /t/owner b
     b: multi check /t/owner 1; set /t/owner b
     get /t/owner`,
  ),
];
