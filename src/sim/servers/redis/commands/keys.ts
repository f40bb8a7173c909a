/** Commands on keys of any type (`db.c`): DEL, UNLINK, EXISTS, TOUCH, TYPE. */
import { command, type Handler, WRITE } from '../command.js';
import { GENERIC, notify } from '../notifications.js';
import { Status } from '../reply.js';

const del: Handler = (context, args) => {
  let deleted = 0;
  for (let index = 1; index < args.length; index++) {
    const key = args[index]!;
    const entry = context.keyspace.find(key);
    if (entry === undefined) continue;
    context.keyspace.remove(key, entry);
    notify(context, GENERIC, 'del', key);
    deleted += 1;
  }
  return deleted;
};

/** EXISTS and TOUCH: a key named twice counts twice. */
const exists: Handler = ({ keyspace }, args) => {
  let found = 0;
  for (let index = 1; index < args.length; index++) {
    if (keyspace.find(args[index]!) !== undefined) found += 1;
  }
  return found;
};

const NONE = new Status('none');
const TYPE_NAMES = {
  string: new Status('string'),
  hash: new Status('hash'),
  list: new Status('list'),
  set: new Status('set'),
  zset: new Status('zset'),
};

const type: Handler = ({ keyspace }, args) => {
  const entry = keyspace.find(args[1]!);
  return entry === undefined ? NONE : TYPE_NAMES[entry.type];
};

export const KEY_COMMANDS = [
  command('del', -2, WRITE, del),
  command('unlink', -2, WRITE, del),
  command('exists', -2, 0, exists),
  command('touch', -2, 0, exists),
  command('type', 2, 0, type),
];
