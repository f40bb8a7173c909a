/** The frame of every page: name, pages, theme; and the page that the address names. */
import type { ComponentChild } from 'preact';
import { RunPage } from './explore/run-page.js';
import { LearnPage } from './learn/lesson-page.js';
import { MatrixPage } from './matrix/matrix-page.js';
import { FirstPage } from './pages/first-page.js';
import { chosenTheme, theme } from './parts/theme.js';
import { route } from './state/route.js';

/** Pages by the first word of their path. */
const PAGES: Readonly<Record<string, { readonly name: string; page(): ComponentChild }>> = {
  learn: { name: 'Learn', page: () => <LearnPage /> },
  x: { name: 'Explore', page: () => <RunPage /> },
  matrix: { name: 'Matrix', page: () => <MatrixPage /> },
};

export function App() {
  const [first = ''] = route.value.path.split('/');
  return (
    <>
      <header>
        <h1>
          <a href="#/">Holdfast</a>
        </h1>
        <nav aria-label="Pages">
          {Object.entries(PAGES).map(([path, { name }]) => (
            <a key={path} href={`#/${path}`} aria-current={path === first ? 'page' : undefined}>
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
      {PAGES[first]?.page() ?? <FirstPage />}
    </>
  );
}
