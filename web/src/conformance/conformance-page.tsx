/** `#/conformance`: stories of the simulation as they went on real servers, and servers' models. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { readConformance } from '../../../src/timeline/conformance/read.js';
import { FileField } from '../parts/file-field.js';
import { openedConformance } from '../state/conformance.js';
import { droppedConformance } from '../state/dropped.js';
import { textBeside, textOf } from '../state/traces.js';
import './conformance.css';
import { ServiceTable } from './service-table.js';
import { StoryTable } from './story-table.js';

const BESIDE = 'conformance.json';

export function ConformancePage() {
  const problem = useSignal<string | undefined>(undefined);
  const latest = useRef(0);
  const show = async (name: string, load: () => Promise<string | undefined>) => {
    latest.current++;
    const turn = latest.current;
    try {
      const text = await load();
      // A file that was asked for later is not overwritten.
      if (turn !== latest.current) return;
      if (text === undefined) throw new Error(`There is no ${name} beside this page: open a file.`);
      openedConformance.value = readConformance(text, name);
      problem.value = undefined;
    } catch (error) {
      if (turn !== latest.current) return;
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  const open = (file: File) => void show(file.name, () => textOf(file));
  useEffect(() => {
    const isGiven = openedConformance.value ?? droppedConformance.value;
    if (isGiven === undefined) void show(BESIDE, () => textBeside(BESIDE));
  }, []);
  useSignalEffect(() => {
    const file = droppedConformance.value;
    droppedConformance.value = undefined;
    if (file !== undefined) open(file);
  });
  const { stories = [], services = [] } = openedConformance.value ?? {};
  return (
    <main class="conformance">
      <h2>Simulated and real</h2>
      <p>
        Runs that break a lock in the simulation, played on real servers: proxies enforce their
        order, and what really happened is judged by the same checkers.
      </p>
      <p>
        <FileField label="Open a file" open={open} /> written by{' '}
        <code>npx holdfast real replay &lt;code&gt; --json</code>
      </p>
      {problem.value !== undefined && <p role="alert">{problem.value}</p>}
      {stories.length > 0 && <StoryTable stories={stories} />}
      {services.length > 0 && <ServiceTable services={services} />}
    </main>
  );
}
