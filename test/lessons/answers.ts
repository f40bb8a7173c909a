/** What a page may not move, and what people know: written by hand, not by a run. */

/** Every lesson, and how many steps it has: somebody may have linked to any of them. */
const STEPS = {
  'one-holder': 6,
  'never-came-back': 4,
  'too-short-a-lease': 4,
  'whose-key': 4,
  'two-steps': 5,
  'the-pause': 4,
  'check-before-writing': 4,
  fencing: 4,
  'delayed-packet': 4,
  'the-watchdog': 4,
};

export const LINKS = Object.entries(STEPS).flatMap(([id, count]) =>
  Array.from({ length: count }, (_, at) => `#/learn/${id}/${at + 1}`),
);

/** Which answer of each question is right, from 0: as a person who knows locks answers it. */
export const ANSWERS: Readonly<Record<string, number>> = {
  '#/learn/one-holder/2': 1,
  '#/learn/one-holder/3': 0,
  '#/learn/one-holder/4': 1,
  '#/learn/one-holder/5': 0,
  '#/learn/never-came-back/1': 2,
  '#/learn/never-came-back/3': 1,
  '#/learn/too-short-a-lease/1': 2,
  '#/learn/too-short-a-lease/2': 0,
  '#/learn/whose-key/1': 1,
  '#/learn/whose-key/2': 2,
  '#/learn/two-steps/2': 0,
  '#/learn/two-steps/4': 1,
  '#/learn/the-pause/1': 0,
  '#/learn/the-pause/2': 0,
  '#/learn/the-pause/3': 1,
  '#/learn/check-before-writing/1': 1,
  '#/learn/check-before-writing/2': 0,
  '#/learn/fencing/2': 2,
  '#/learn/fencing/3': 0,
  '#/learn/delayed-packet/1': 2,
  '#/learn/delayed-packet/2': 1,
  '#/learn/delayed-packet/3': 0,
  '#/learn/the-watchdog/1': 1,
  '#/learn/the-watchdog/2': 0,
  '#/learn/the-watchdog/3': 1,
};
