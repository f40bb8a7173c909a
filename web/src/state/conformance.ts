/** The conformance document that is shown: it stays while the reader looks at a run of it. */
import { signal } from '@preact/signals';
import type { ConformanceDocument } from '../../../src/timeline/conformance/document.js';

export const openedConformance = signal<ConformanceDocument | undefined>(undefined);
