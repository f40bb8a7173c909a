/**
 * All definitions at a time. A change gives another catalog; the same change of the same catalog
 * gives the same one again, so that plans compiled for it serve every run that gets there.
 */
import type { Plan } from '../compile/plan.js';
import type { SequenceDefinition, TableDefinition } from './definitions.js';

/** So many catalogs may follow from the empty one before their plans are forgotten. */
const REMEMBERED_MAX = 500;
const PLANS_MAX = 1000;
let remembered = 0;

export class Catalog {
  /** By text of the statement. */
  private readonly plans = new Map<string, Plan>();
  private readonly successors = new Map<string, Catalog>();

  constructor(
    readonly tables: ReadonlyMap<string, TableDefinition>,
    readonly sequences: ReadonlyMap<string, SequenceDefinition>,
    readonly schemas: ReadonlySet<string>,
  ) {}

  plan(text: string, compile: () => Plan): Plan {
    let plan = this.plans.get(text);
    if (plan === undefined) {
      if (this.plans.size >= PLANS_MAX) this.plans.clear();
      plan = compile();
      this.plans.set(text, plan);
    }
    return plan;
  }

  /** The catalog after a change that `name` tells from every other. */
  after(name: string, change: () => Catalog): Catalog {
    let next = this.successors.get(name);
    if (next === undefined) {
      next = change();
      remembered += 1;
      this.successors.set(name, next);
    }
    return next;
  }
}

let empty = new Catalog(new Map(), new Map(), new Set(['public', 'pg_catalog']));

/** A catalog without definitions, with the plans of earlier runs. */
export function emptyCatalog(): Catalog {
  if (remembered > REMEMBERED_MAX) {
    empty = new Catalog(new Map(), new Map(), empty.schemas);
    remembered = 0;
  }
  return empty;
}
