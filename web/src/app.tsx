/** The frame of every page: name, pages, theme; and the page that the address names. */
import type { ComponentChildren, ComponentType } from 'preact';
import { Loaded } from './parts/loaded.js';
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
  conformance: {
    name: 'Conformance',
    load: async () => (await import('./conformance/conformance-page.js')).ConformancePage,
  },
};

const firstPage = async () => (await import('./pages/first-page.js')).FirstPage;

export function App() {
  const [first = ''] = route.value.path.split('/');
  const page = PAGES[first];
  document.title = page === undefined ? 'Holdfast' : `${page.name} · Holdfast`;
  return (
    <Frame current={first}>
      {first !== '' && page === undefined && <p role="alert">There is no page {first}.</p>}
      <Loaded key={first} load={page?.load ?? firstPage} props={{}} />
    </Frame>
  );
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
