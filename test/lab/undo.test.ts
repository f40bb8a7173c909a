/** Undo and redo. */
import { describe, expect, it } from 'vitest';
import { beginEdits, edit, redo, undo } from '../../src/lab/undo.js';

describe('edits', () => {
  const three = edit(edit(beginEdits('a'), 'b'), 'c');

  it('are gone back over, and forth again', () => {
    const back = undo(undo(three));
    expect([three.present, undo(three).present, back.present]).toEqual(['c', 'b', 'a']);
    expect(redo(redo(back)).present).toBe('c');
    expect(redo(redo(back))).toEqual(three);
  });

  it('end where they began and where they stopped', () => {
    const first = beginEdits('a');
    expect(undo(first)).toEqual(first);
    expect(redo(three)).toEqual(three);
  });

  it('made after an undo put an end to what was undone', () => {
    const other = edit(undo(three), 'd');
    expect(redo(other).present).toBe('d');
    expect(undo(other).present).toBe('b');
  });

  it('of one gesture are undone at once, those of the next by themselves', () => {
    let dragged = edit(beginEdits(0), 1, 'drag 1');
    for (const at of [2, 3, 4]) dragged = edit(dragged, at, 'drag 1');
    const again = edit(dragged, 5, 'drag 2');
    expect(undo(dragged).present).toBe(0);
    expect(undo(again).present).toBe(4);
    expect(undo(undo(again)).present).toBe(0);
  });

  it('of a gesture do not go on behind an undo', () => {
    const dragged = edit(edit(beginEdits(0), 1), 2, 'drag');
    const after = edit(undo(dragged), 3, 'drag');
    expect(undo(after).present).toBe(1);
  });

  it('that change nothing are none', () => {
    expect(edit(three, three.present)).toBe(three);
  });

  it('are remembered two hundred deep', () => {
    let edits = beginEdits(0);
    for (let step = 1; step <= 300; step++) edits = edit(edits, step);
    for (let step = 0; step < 300; step++) edits = undo(edits);
    expect(edits.present).toBe(100);
  });
});
