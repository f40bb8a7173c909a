/** The one simulator of the page. */
import { Simulator } from './client.js';

export const simulator = new Simulator();
