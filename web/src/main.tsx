/** The page's entry point. */
import { Simulator } from './simulator/client.js';

declare global {
  interface Window {
    /** The page's simulator: what a console, or a test of the page, makes runs with. */
    simulator: Simulator;
  }
}

window.simulator = new Simulator();
