/**
 * Ctrl Z and Ctrl Shift Z (⌘ on a Mac) undo and redo edits of the scenario, wherever the focus is.
 * What somebody is typing and nothing has taken yet is the field's own to undo, and the scenario's
 * text has an editor that does both.
 */
import { useEffect } from 'preact/hooks';
import type { LabState } from './lab-state.js';

export function useUndoKeys(lab: Pick<LabState, 'undo' | 'redo'>): void {
  useEffect(() => {
    /** Where something was typed that is not taken yet. */
    let typedIn: EventTarget | null = null;
    const typed = ({ target }: Event) => {
      typedIn = target;
    };
    const taken = () => {
      typedIn = null;
    };
    const press = (event: KeyboardEvent) => {
      const move = moveOf(event);
      if (move === undefined || event.target === typedIn) return;
      if ((event.target as Element).closest('.text') !== null) return;
      event.preventDefault();
      lab[move]();
    };
    const listeners = { input: typed, change: taken, focusout: taken, keydown: press };
    for (const [name, listener] of Object.entries(listeners)) {
      addEventListener(name, listener as EventListener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        removeEventListener(name, listener as EventListener);
      }
    };
  }, [lab]);
}

function moveOf(event: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' ? 'redo' : undefined;
}
