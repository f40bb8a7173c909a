/** A file that was dropped on any page: the page Explore opens it. */
import { signal } from '@preact/signals';
import { go } from './route.js';

export const dropped = signal<File | undefined>(undefined);

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file === undefined) return;
  dropped.value = file;
  go('#/x');
});
