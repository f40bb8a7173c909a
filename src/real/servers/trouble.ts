/**
 * What is wrong with a server, in one sentence: nothing can be said of the lock then, exit 2
 * (docs/semantics.md, exit codes).
 */
import { NoVerdict } from '../../host/engine-api.js';

/** The sentence names the server, what was found, and what helps. */
export class ServerTrouble extends NoVerdict {}

/** Another program took the port after it was found free: another port may do. */
export class PortTaken extends ServerTrouble {}
