/** A file that was dropped on any page: the page that shows what it is opens it. */
import { signal } from '@preact/signals';
import { HEAD_CHARACTERS, isConformance } from '../../../src/timeline/conformance/document.js';
import { go, route } from './route.js';

/** A trace, or what is taken for one: for the page Explore. */
export const dropped = signal<File | undefined>(undefined);
export const droppedConformance = signal<File | undefined>(undefined);

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file !== undefined) void open(file);
});

/** What is neither, or damaged, is for the page that it was dropped on to say. */
async function open(file: File): Promise<void> {
  const head = await file.slice(0, HEAD_CHARACTERS).text();
  const isShown = route.value.path === 'conformance';
  const isTrace = head.includes('"holdfast-trace"') || head.startsWith('\x1f');
  if (isConformance(head) || (isShown && !isTrace)) {
    droppedConformance.value = file;
    if (!isShown) go('#/conformance');
  } else {
    dropped.value = file;
    go('#/x');
  }
}
