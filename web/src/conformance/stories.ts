/** Which stories the page shows, and in which order; the address says so, and is made of it. */
import { SERVICES, type Service, serviceOf } from '../../../src/service.js';
import type { Outcome, StoryReport } from '../../../src/timeline/conformance/document.js';

/** The order of outcomes: what ought to be looked at first. */
export const OUTCOMES = ['not-reproduced', 'cannot-be-played', 'confirmed'] as const;

export const ORDERS = ['document', 'scenario', 'lock', 'outcome', 'late', 'attempts'] as const;
export type Order = (typeof ORDERS)[number];

export interface Choice {
  /** Only stories about this service, or with this outcome; undefined: all of them. */
  readonly server: string | undefined;
  readonly outcome: string | undefined;
  readonly order: Order;
  /** The story that is opened, by its name. */
  readonly opened: string | undefined;
}

/** What an address says; an order that is none is the one of the document. */
export function choiceOf(parameters: URLSearchParams): Choice {
  const sort = parameters.get('sort');
  return {
    server: parameters.get('server') ?? undefined,
    outcome: parameters.get('outcome') ?? undefined,
    order: ORDERS.find((order) => order === sort) ?? 'document',
    opened: parameters.get('story') ?? undefined,
  };
}

/** What stands in the address for it. */
export function parametersOf({ server, outcome, order, opened }: Choice) {
  return { server, outcome, sort: order === 'document' ? undefined : order, story: opened };
}

/** A story with a name that no other one of its document has. */
export interface NamedStory {
  readonly name: string;
  readonly story: StoryReport;
}

export function named(stories: readonly StoryReport[]): NamedStory[] {
  const times = new Map<string, number>();
  return stories.map((story) => {
    const name = story.id ?? story.lock;
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return { name: time === 1 ? name : `${name} (${time})`, story };
  });
}

export function isAbout({ servers }: StoryReport, service: string): boolean {
  return servers.some((server) => serviceOf(server) === service);
}

/** The stories that are asked for, in that order. */
export function chosen(
  stories: readonly NamedStory[],
  { server, outcome, order }: Choice,
): NamedStory[] {
  const compare = COMPARE[order];
  return stories
    .filter(({ story }) => server === undefined || isAbout(story, server))
    .filter(({ story }) => outcome === undefined || story.outcome === outcome)
    .sort(compare);
}

const textually = (a: string, b: string) => Number(a > b) - Number(a < b);

/** Equal ones stay in the order of the document. */
const COMPARE: Readonly<Record<Order, (a: NamedStory, b: NamedStory) => number>> = {
  document: () => 0,
  scenario: (a, b) => textually(a.name, b.name),
  lock: (a, b) => textually(a.story.lock, b.story.lock),
  outcome: (a, b) => rankOf(a.story.outcome) - rankOf(b.story.outcome),
  late: (a, b) => lateOf(b) - lateOf(a),
  attempts: (a, b) => b.story.attempts - a.story.attempts,
};

const rankOf = (outcome: Outcome) => OUTCOMES.indexOf(outcome);

/** What was not measured comes last. */
const lateOf = ({ story }: NamedStory) => story.timing?.p95Us ?? Number.MIN_SAFE_INTEGER;

/** A service, and the versions of it that stories were played on. */
export interface Column {
  readonly service: Service;
  readonly title: string;
  readonly versions: readonly string[];
}

const TITLES: Readonly<Record<Service, string>> = {
  redis: 'Redis',
  etcd: 'etcd',
  postgres: 'PostgreSQL',
  zookeeper: 'ZooKeeper',
};

/** The services that stories are about. */
export function columnsOf(stories: readonly StoryReport[]): Column[] {
  return SERVICES.filter((service) => stories.some((story) => isAbout(story, service))).map(
    (service) => ({ service, title: TITLES[service], versions: versionsOf(stories, service) }),
  );
}

function versionsOf(stories: readonly StoryReport[], service: Service): string[] {
  const programs = stories.flatMap(({ environment }) =>
    Object.entries(environment).flatMap(([server, program]) =>
      serviceOf(server) === service ? [program] : [],
    ),
  );
  const own = `${service} `;
  const versions = programs.map((program) =>
    program.startsWith(own) ? program.slice(own.length) : program,
  );
  return [...new Set(versions)].sort(textually);
}
