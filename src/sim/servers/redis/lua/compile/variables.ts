/**
 * Compiles the two ways to write a local: declaring it, which gives a captured one a new cell, so
 * that every iteration of a loop has its own; and assigning to it.
 */
import { Cell, type Frame } from '../runtime/frame.js';
import type { LuaValue } from '../runtime/value.js';
import type { Variable } from '../syntax/ast.js';

export type Store = (frame: Frame, value: LuaValue) => void;

export function compileDeclaration({ slot, captured }: Variable): Store {
  if (captured) {
    return (frame, value) => {
      frame.cells[slot] = new Cell(value);
    };
  }
  return (frame, value) => {
    frame.slots[slot] = value;
  };
}

export function compileLocalStore({ slot, captured }: Variable): Store {
  if (captured) {
    return (frame, value) => {
      frame.cells[slot]!.value = value;
    };
  }
  return (frame, value) => {
    frame.slots[slot] = value;
  };
}
