/** What a page may not move, and what people know: written by hand, not by a run. */

/** Every lesson, and how many steps it has: somebody may have linked to any of them. */
const STEPS = {
  'one-holder': 5,
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
};
