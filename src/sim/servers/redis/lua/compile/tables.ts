/**
 * Compiles table constructors. Room is made and values are stored in the same portions as by the
 * reference implementation, since the layout of a table can be seen (`runtime/table.ts`).
 */
import type { Frame } from '../runtime/frame.js';
import { setRaw } from '../runtime/operations.js';
import type { Site } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaValue } from '../runtime/value.js';
import type { Chunk, TableExpression, TableField } from '../syntax/ast.js';
import { type Evaluate, isMultiple } from './closures.js';
import { compileExpression, compileList } from './expressions.js';

/** List items that are stored together (lopcodes.h: LFIELDS_PER_FLUSH). */
const ITEMS_PER_FLUSH = 50;

export function compileTable(tree: TableExpression, chunk: Chunk): Evaluate {
  const { fields } = tree;
  if (fields.length === 0) return () => new LuaTable();
  const last = fields.at(-1)!;
  const isOpen = last.key === undefined && isMultiple(last.value);
  const listCount = fields.filter((field) => field.key === undefined).length - (isOpen ? 1 : 0);
  const room = roundedSize(listCount);
  if (listCount === fields.length && listCount <= ITEMS_PER_FLUSH) {
    return compileListTable(fields, room, chunk);
  }
  const recordRoom = roundedSize(fields.length - listCount - (isOpen ? 1 : 0));
  const steps = compileSteps(fields, isOpen, { chunk, line: tree.line });
  return (frame) => {
    const table = new LuaTable(emptyList(room), recordRoom);
    const filling = { table, pending: [], stored: 0 };
    for (const step of steps) step(frame, filling);
    flush(filling);
    return table;
  };
}

/** `{a, b, c}` */
function compileListTable(fields: readonly TableField[], room: number, chunk: Chunk): Evaluate {
  const values = fields.map((field) => field.value);
  const list = compileList(values, chunk);
  return (frame) => {
    const array = list(frame);
    while (array.length < room) array.push(undefined);
    return new LuaTable(array);
  };
}

interface Filling {
  readonly table: LuaTable;
  /** List items not stored yet. */
  pending: LuaValue[];
  stored: number;
}

type Step = (frame: Frame, filling: Filling) => void;

function compileSteps(fields: readonly TableField[], isOpen: boolean, site: Site): Step[] {
  const { chunk } = site;
  return fields.map((field, i): Step => {
    if (field.key !== undefined) {
      const key = compileExpression(field.key, chunk);
      const value = compileExpression(field.value, chunk);
      return (frame, { table }) => setRaw(frame.run, site, table, key(frame), value(frame));
    }
    if (isOpen && i === fields.length - 1) {
      const rest = compileList([field.value], chunk);
      return (frame, filling) => {
        prepare(filling);
        for (const value of rest(frame)) filling.pending.push(value);
        filling.table.reserve(filling.stored + filling.pending.length);
      };
    }
    const value = compileExpression(field.value, chunk);
    return (frame, filling) => {
      prepare(filling);
      filling.pending.push(value(frame));
    };
  });
}

function prepare(filling: Filling): void {
  if (filling.pending.length === ITEMS_PER_FLUSH) flush(filling);
}

function flush(filling: Filling): void {
  const { table, pending, stored } = filling;
  for (let i = pending.length; i > 0; i--) table.set(stored + i, pending[i - 1]);
  filling.stored += pending.length;
  filling.pending = [];
}

function emptyList(room: number): LuaValue[] {
  return new Array<LuaValue>(room).fill(undefined);
}

/**
 * A size as it survives in an instruction, which has eight bits for it: three of mantissa, five of
 * exponent, rounded up (lobject.c: luaO_int2fb).
 */
function roundedSize(size: number): number {
  let mantissa = size;
  let unit = 1;
  while (mantissa >= 16) {
    mantissa = (mantissa + 1) >> 1;
    unit *= 2;
  }
  return mantissa * unit;
}
