/** Light or dark: as the system says, unless the reader chose, in this visit or before. */
import { computed, effect, signal } from '@preact/signals';
import { PALETTES, type Theme } from '../../../src/timeline/picture/paints.js';

const system = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = signal<Theme>(system.matches ? 'dark' : 'light');
system.addEventListener('change', () => {
  systemTheme.value = system.matches ? 'dark' : 'light';
});

const root = document.documentElement;
/** `undefined`: as the system says. What was kept of an earlier visit is there (index.html). */
export const chosenTheme = signal(root.dataset['theme'] as Theme | undefined);
export const theme = computed<Theme>(() => chosenTheme.value ?? systemTheme.value);
/** Who asks for more contrast gets quiet words as dark as the others, and lines that stand out. */
const contrast = matchMedia('(prefers-contrast: more)');
const wantsContrast = signal(contrast.matches);
contrast.addEventListener('change', () => {
  wantsContrast.value = contrast.matches;
});

export const palette = computed(() => {
  const plain = PALETTES[theme.value];
  if (!wantsContrast.value) return plain;
  return { ...plain, muted: plain.ink, neutral: plain.muted, grid: plain.muted };
});

/** The palette as custom properties, for the style sheet. */
effect(() => {
  root.dataset['theme'] = theme.value;
  for (const [name, colour] of Object.entries(palette.value)) {
    root.style.setProperty(`--${name}`, colour);
  }
});

effect(() => {
  try {
    if (chosenTheme.value) localStorage.setItem('holdfast-theme', chosenTheme.value);
  } catch {
    // A browser that keeps nothing shows it until the page is left.
  }
});
