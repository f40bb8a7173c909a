/** Prints the digests of a few runs: a process of its own for the test that compares two (R14). */
import redlock from '../../src/algorithms/redlock.js';
import { campaignDigests } from './runs.js';

const digests = await campaignDigests(redlock, 12);
process.stdout.write(JSON.stringify(digests));
