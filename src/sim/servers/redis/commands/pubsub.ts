/**
 * PUBLISH, SUBSCRIBE and their like (`pubsub.c`).
 */
import {
  type Command,
  command,
  type Handler,
  MAY_REPLICATE,
  NO_SCRIPT,
  WHILE_SUBSCRIBED,
} from '../command.js';
import { notModelled } from '../errors.js';
import { misusedSubcommand } from '../no-command.js';
import type { Reply } from '../reply.js';

const publish: Handler = (context, args) => context.pubsub.publish(args[1]!, args[2]!);

/** The confirmations of SUBSCRIBE and its like are pushes, one for each channel. */
function subscribeHandler(kind: 'channels' | 'patterns'): Handler {
  return ({ pubsub, port, denyBlocking }, args, session) => {
    if (denyBlocking && args.length > 2) return notModelled('SUBSCRIBE to several, inside MULTI');
    for (const name of args.slice(1)) {
      const confirmation = pubsub.subscribe(session, kind, name);
      if (denyBlocking) return confirmation;
      port.send(session.connection, confirmation);
    }
    return undefined;
  };
}

function unsubscribeHandler(kind: 'channels' | 'patterns'): Handler {
  return ({ pubsub, port, denyBlocking }, args, session) => {
    const named = args.length > 1 ? args.slice(1) : [...session[kind]];
    if (denyBlocking && named.length > 1) {
      return notModelled('UNSUBSCRIBE from several, inside MULTI');
    }
    if (named.length === 0) return pubsub.unsubscribe(session, kind, null);
    for (const name of named) {
      const confirmation = pubsub.unsubscribe(session, kind, name);
      if (denyBlocking) return confirmation;
      port.send(session.connection, confirmation);
    }
    return undefined;
  };
}

const channels: Handler = ({ pubsub }, args) =>
  args.length > 3 ? misusedSubcommand(args) : pubsub.active(args[2] ?? '*');
const numpat: Handler = ({ pubsub }) => pubsub.patternCount;
const numsub: Handler = ({ pubsub }, args) =>
  args.slice(2).flatMap((channel): Reply[] => [channel, pubsub.subscribers(channel)]);

const SUBSCRIBING = NO_SCRIPT | WHILE_SUBSCRIBED;

export const PUBSUB_COMMANDS: readonly Command[] = [
  command('publish', 3, MAY_REPLICATE, publish),
  command('subscribe', -2, SUBSCRIBING, subscribeHandler('channels')),
  command('psubscribe', -2, SUBSCRIBING, subscribeHandler('patterns')),
  command('unsubscribe', -1, SUBSCRIBING, unsubscribeHandler('channels')),
  command('punsubscribe', -1, SUBSCRIBING, unsubscribeHandler('patterns')),
  command('pubsub', -2, 0, numpat),
  command('pubsub|channels', -2, 0, channels),
  command('pubsub|numpat', 2, 0, numpat),
  command('pubsub|numsub', -2, 0, numsub),
];
