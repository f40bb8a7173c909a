/** The keys of the timeline (keys.ts) in words, for who asks for them. */

export interface KeyHelp {
  /** As `KeyboardEvent.key` says them; each of them does it. */
  readonly on: readonly string[];
  readonly keys: string;
  readonly does: string;
}

export const KEY_HELP: readonly KeyHelp[] = [
  { on: ['a'], keys: 'a', does: 'move left' },
  { on: ['d'], keys: 'd', does: 'move right' },
  { on: ['w', '+', '='], keys: 'w or +', does: 'zoom in' },
  { on: ['s', '-'], keys: 's or −', does: 'zoom out' },
  { on: ['0'], keys: '0', does: 'show the whole run' },
  { on: ['f'], keys: 'f', does: 'show what is chosen' },
  { on: ['ArrowRight'], keys: '→', does: 'next event' },
  { on: ['ArrowLeft'], keys: '←', does: 'event before' },
  { on: ['.'], keys: '.', does: 'next event of the same lane' },
  { on: [','], keys: ',', does: 'event before in the same lane' },
  { on: ['Home'], keys: 'Home', does: 'first event' },
  { on: ['End'], keys: 'End', does: 'last event' },
  { on: ['['], keys: '[', does: 'to the cause' },
  { on: [']'], keys: ']', does: 'to the effect' },
  { on: ['v'], keys: 'v', does: 'next violation' },
  { on: ['V'], keys: 'Shift v', does: 'violation before' },
  { on: ['e'], keys: 'e', does: 'explain the violation, or stop' },
  { on: ['x'], keys: 'x', does: 'true time or steps' },
  { on: ['m'], keys: 'm', does: 'messages on or off' },
  { on: ['l'], keys: 'l', does: 'choose what is drawn' },
  { on: ['z'], keys: 'z', does: 'height of the lanes' },
  { on: ['Escape'], keys: 'Esc', does: 'choose nothing' },
  { on: ['?'], keys: '?', does: 'all keys' },
];
