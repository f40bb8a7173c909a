/** All lessons, loaded as the page loads each of them. */
import { CATALOGUE } from '../../src/lessons/catalogue.js';

export const lessons = await Promise.all(CATALOGUE.map(({ load }) => load()));
