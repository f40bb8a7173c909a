/** Watches: which change fires which, how often, in what order, and what a reconnect does. */
import { type Sequence, sequence, table } from '../sequence.js';

const CHANGES = `
  create /t/new x
  set /t/a y
  delete /t/a
  create /t/a/b x
  delete /t/p/c
  set /t/p/c y
  delete /t/p/c | delete /t/p
  multi set /t/a y; create /t/a/b x; delete /t/p/c
`;

const BEGINNING = `
  b: connect 8000
  connect 8000
  create /t/a x
  create /t/p x
  create /t/p/c x
`;

const SETS: Readonly<Record<string, string>> = {
  exists: 'b: exists /t/new w\nb: exists /t/a w\nb: exists /t/p w\nb: exists /t/p/c w',
  get: 'b: get /t/new w\nb: get /t/a w\nb: get /t/p w\nb: get /t/p/c w',
  ls: 'b: ls /t w\nb: ls /t/a w\nb: ls /t/p w\nb: ls /t/p/c w',
  ls2: 'b: ls2 /t w\nb: ls2 /t/a w\nb: ls2 /t/p w\nb: ls2 /t/p/c w',
  persistent:
    'b: addWatch /t persistent\nb: addWatch /t/a persistent\nb: addWatch /t/p/c persistent',
  recursive: 'b: addWatch /t/p recursive\nb: addWatch /t/a recursive',
  root: 'b: addWatch /t recursive',
};

export const WATCHES: readonly Sequence[] = [
  ...Object.entries(SETS).flatMap(([name, set]) =>
    table(`watches of ${name}`, `${BEGINNING}${set}`, CHANGES),
  ),
  sequence(
    'a watch fires once',
    `b: connect 8000
     connect 8000
     create /t/a x
     b: get /t/a w
     b: get /t/a w
     b: exists /t/a w
     set /t/a y
     set /t/a z
     b: get /t/a w
     set /t/a w`,
  ),
  sequence(
    'one event for a connection that watches data and children of what is deleted',
    `b: connect 8000
     connect 8000
     create /t/a x
     b: get /t/a w
     b: ls /t/a w
     b: ls /t w
     delete /t/a
     create /t/a x
     set /t/a y`,
  ),
  sequence(
    'the event comes before the response to the one who changes',
    `create /t/a x
     get /t/a w
     ls /t w
     exists /t/b w
     set /t/a y
     create /t/b x
     delete /t/a`,
  ),
  sequence(
    'a refused change fires nothing',
    `b: connect 8000
     connect 8000
     create /t/a x
     b: get /t/a w
     b: ls /t w
     set /t/a y 5
     create /t/a x
     delete /t/none
     create /t/none/b x`,
  ),
  sequence(
    'ls of what is not there sets no watch, exists does',
    `b: connect 8000
     connect 8000
     b: ls /t/a w
     b: get /t/a w
     create /t/a x
     delete /t/a
     b: exists /t/a w
     create /t/a x`,
  ),
  ...table(
    'removeWatches',
    `b: connect 8000
     connect 8000
     create /t/a x
     b: get /t/a w
     b: ls /t/a w`,
    `b: removeWatches /t/a any | set /t/a y | create /t/a/b x
     b: removeWatches /t/a data | set /t/a y | create /t/a/b x
     b: removeWatches /t/a children | set /t/a y | create /t/a/b x
     b: removeWatches /t/b any | set /t/a y
     removeWatches /t/a any | set /t/a y
     b: removeWatches /t/a data | b: removeWatches /t/a data | b: removeWatches /t/a any`,
  ),
  sequence(
    'a persistent watch stays, a one-shot watch on it takes it down',
    `b: connect 8000
     connect 8000
     create /t/a x
     b: addWatch /t/a persistent
     set /t/a 1
     set /t/a 2
     b: get /t/a w
     set /t/a 3
     set /t/a 4
     create /t/a/b x
     create /t/a/c x`,
  ),
  sequence(
    'a recursive watch sees all below, and no children events',
    `b: connect 8000
     connect 8000
     b: addWatch /t recursive
     b: ls /t w
     create /t/a x
     create /t/a/b x
     set /t/a/b y
     create /t/c x e
     delete /t/a/b
     b: removeWatches /t any
     delete /t/a`,
  ),
];
