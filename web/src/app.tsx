/** The frame of every page: name, pages, theme; and the page that the address names. */
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { FirstPage } from './pages/first-page.js';
import { chosenTheme, theme } from './parts/theme.js';
import { route } from './state/route.js';

interface Page {
  readonly name: string;
  /** Loaded when it is first shown: a lesson does not wait for the matrix. */
  readonly load: () => Promise<ComponentType>;
}

/** Pages by the first word of their path. */
const PAGES: Readonly<Record<string, Page>> = {
  learn: { name: 'Learn', load: async () => (await import('./learn/learn-page.js')).LearnPage },
  lab: { name: 'Lab', load: async () => (await import('./lab/lab-page.js')).LabPage },
  x: { name: 'Explore', load: async () => (await import('./explore/run-page.js')).RunPage },
  cmp: {
    name: 'Compare',
    load: async () => (await import('./compare/compare-page.js')).ComparePage,
  },
  matrix: {
    name: 'Matrix',
    load: async () => (await import('./matrix/matrix-page.js')).MatrixPage,
  },
};

export function App() {
  const [first = ''] = route.value.path.split('/');
  const page = PAGES[first];
  return (
    <Frame current={first}>
      {page === undefined ? <FirstPage /> : <Loaded key={first} {...page} />}
    </Frame>
  );
}

function Loaded({ load }: Page) {
  const [Shown, setShown] = useState<ComponentType>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    load()
      .then((component) => setShown(() => component))
      .catch((error: unknown) => setProblem(`this page does not load: ${String(error)}`));
  }, [load]);
  if (problem !== undefined) return <p role="alert">{problem}</p>;
  return Shown === undefined ? null : <Shown />;
}

function Frame(props: { readonly current: string; readonly children: ComponentChildren }) {
  return (
    <>
      <header>
        <h1>
          <a href="#/">Holdfast</a>
        </h1>
        <nav aria-label="Pages">
          {Object.entries(PAGES).map(([path, { name }]) => (
            <a
              key={path}
              href={`#/${path}`}
              aria-current={path === props.current ? 'page' : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
        <button
          type="button"
          onClick={() => {
            chosenTheme.value = theme.value === 'dark' ? 'light' : 'dark';
          }}
        >
          {theme.value === 'dark' ? 'Light' : 'Dark'}
        </button>
      </header>
      {props.children}
    </>
  );
}
