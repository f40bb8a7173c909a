/** Where the viewer begins. */
import { render } from 'preact';
import { App } from './app.js';
import { simulator } from './simulator/index.js';
import './state/dropped.js';
import './style.css';

declare global {
  interface Window {
    /** The page's simulator: what a console, or a test of the page, makes runs with. */
    simulator: typeof simulator;
  }
}

window.simulator = simulator;
render(<App />, document.getElementById('app')!);
