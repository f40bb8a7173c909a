/**
 * What belongs to a connection: transactions, WATCH, subscriptions, names.
 */
import { type Sequence, sequence } from '../sequence.js';

export const TRANSACTIONS: readonly Sequence[] = [
  sequence(
    'MULTI and EXEC',
    `MULTI
     SET k v
     GET k
     INCR n
     EXEC
     GET k
     MULTI
     EXEC`,
  ),
  sequence(
    'nothing is visible before EXEC',
    `MULTI
     SET k v
     b: GET k
     EXEC
     b: GET k`,
  ),
  sequence(
    'an error at run time does not stop a transaction',
    `SET s x
     MULTI
     INCR s
     SET k v
     LPUSH s y
     EXEC
     GET k`,
  ),
  sequence(
    'a command that cannot be queued aborts the transaction',
    `MULTI
     SET k v
     FOO
     SET k w
     EXEC
     GET k
     MULTI
     SET k
     EXEC
     MULTI
     CLIENT FOO
     EXEC
     GET k`,
  ),
  sequence(
    'misuse',
    `EXEC
     DISCARD
     MULTI
     MULTI
     SET k v
     EXEC
     MULTI
     WATCH k
     EXEC
     MULTI
     EXEC x
     EXEC
     MULTI
     SET k w
     EXEC x
     GET k
     MULTI x
     DISCARD x
     EXEC x`,
  ),
  sequence(
    'DISCARD',
    'MULTI\nSET k v\nDISCARD\nGET k\nEXEC\nWATCH k\nMULTI\nDISCARD\nSET k w\nMULTI\nGET k\nEXEC',
  ),
  sequence(
    'WATCH lets a transaction through if nothing changed',
    `SET k v
     WATCH k
     MULTI
     SET k w
     EXEC
     GET k`,
  ),
  sequence(
    'WATCH: another client writes',
    `SET k v
     WATCH k other
     b: SET k w
     MULTI
     SET k x
     EXEC
     GET k
     MULTI
     SET k x
     EXEC`,
  ),
  sequence(
    'WATCH: another client writes after MULTI',
    `WATCH k
     MULTI
     SET k x
     b: SET k w
     EXEC
     GET k`,
  ),
  sequence('WATCH: one writes oneself', 'WATCH k\nSET k v\nMULTI\nGET k\nEXEC'),
  sequence(
    'WATCH: a write that changes nothing',
    `SET k v
     WATCH k
     b: SETNX k w
     b: DEL missing
     b: PERSIST k
     b: GETEX k
     MULTI
     EXEC
     WATCH k
     b: SET k v
     MULTI
     EXEC`,
  ),
  sequence('WATCH: an expiry is set', 'SET k v\nWATCH k\nb: PEXPIRE k 50000\nMULTI\nEXEC'),
  sequence('WATCH: the key is deleted', 'SET k v\nWATCH k\nb: DEL k\nMULTI\nEXEC'),
  sequence('WATCH: the key is flushed', 'SET k v\nWATCH k missing\nb: FLUSHALL\nMULTI\nEXEC'),
  sequence('WATCH: a missing key and a flush', 'WATCH missing\nSET k v\nb: FLUSHALL\nMULTI\nEXEC'),
  sequence('WATCH: the key comes and goes', 'WATCH k\nb: SET k v\nb: DEL k\nMULTI\nEXEC'),
  sequence(
    'WATCH: the key expires',
    `SET k v PX 30
     WATCH k
     (wait 70)
     MULTI
     SET k w
     EXEC
     GET k`,
  ),
  sequence(
    'WATCH of a key that has expired already',
    `SET k v PX 30
     (wait 70)
     WATCH k
     b: GET k
     MULTI
     SET k w
     EXEC`,
  ),
  sequence(
    'UNWATCH',
    `WATCH k
     b: SET k v
     UNWATCH
     MULTI
     GET k
     EXEC
     WATCH k
     MULTI
     UNWATCH
     b: SET k w
     EXEC
     WATCH
     UNWATCH k`,
  ),
  sequence(
    'WATCH ends with the transaction',
    `WATCH k
     MULTI
     EXEC
     b: SET k v
     MULTI
     GET k
     EXEC
     WATCH k
     MULTI
     FOO
     EXEC
     b: SET k w
     MULTI
     GET k
     EXEC`,
  ),
  sequence(
    'two clients: one transaction wins',
    `SET n 1
     WATCH n
     b: WATCH n
     GET n
     b: GET n
     MULTI
     b: MULTI
     SET n 2
     b: SET n 3
     EXEC
     b: EXEC
     GET n`,
  ),
  sequence(
    'compare and delete with WATCH',
    `SET lock a PX 10000
     WATCH lock
     GET lock
     MULTI
     DEL lock
     EXEC
     b: SET lock b NX PX 10000
     WATCH lock
     GET lock
     UNWATCH`,
  ),
  sequence(
    'transactions with other commands',
    `MULTI
     PUBLISH c m
     PING
     ECHO hi
     TIME
     EVAL "return redis.call('SET', KEYS[1], 'v')" 1 k
     HGETALL h
     PTTL k
     WAIT 1 0
     EXEC`,
  ),
  sequence(
    'a transaction ends with its connection',
    `b: MULTI
     b: SET k v
     (close b)
     GET k`,
  ),
  sequence('a WATCH ends with its connection', 'b: WATCH k\n(close b)\nSET k v\nb: MULTI\nb: EXEC'),
  sequence(
    'RESET ends a transaction',
    'MULTI\nSET k v\nRESET\nGET k\nEXEC\nCLIENT SETNAME x\nRESET\nCLIENT GETNAME',
  ),
];

export const PUBSUB: readonly Sequence[] = [
  sequence(
    'PUBLISH and SUBSCRIBE',
    `PUBLISH c hello
     b: SUBSCRIBE c
     PUBLISH c hello
     PUBLISH other hello
     c: SUBSCRIBE c d
     PUBLISH c again
     PUBLISH d "é"
     b: UNSUBSCRIBE c
     PUBLISH c last
     PUBLISH c
     SUBSCRIBE`,
  ),
  sequence(
    'SUBSCRIBE twice, UNSUBSCRIBE from nothing',
    `b: SUBSCRIBE c
     b: SUBSCRIBE c
     PUBLISH c once
     b: UNSUBSCRIBE x
     b: UNSUBSCRIBE
     b: UNSUBSCRIBE
     b: PUNSUBSCRIBE
     b: GET k`,
  ),
  sequence(
    'UNSUBSCRIBE from several',
    'b: SUBSCRIBE x y\nb: UNSUBSCRIBE x y\nPUBLISH x m\nb: PSUBSCRIBE p*\nb: UNSUBSCRIBE\nb: PUNSUBSCRIBE p* q*',
  ),
  sequence(
    'PSUBSCRIBE',
    `b: PSUBSCRIBE lock:*
     PUBLISH lock:1 free
     PUBLISH queue:1 free
     b: SUBSCRIBE lock:1
     PUBLISH lock:1 free
     b: PUNSUBSCRIBE lock:*
     PUBLISH lock:1 free
     b: PUNSUBSCRIBE x
     b: UNSUBSCRIBE lock:1
     b: PING`,
  ),
  sequence(
    'what is allowed while subscribed',
    `b: SUBSCRIBE c
     b: GET k
     b: SET k v
     b: PING
     b: PING hello
     b: MULTI
     b: FOO
     b: GET
     b: PUBLISH c m
     b: CLIENT ID
     b: PING a b
     b: UNSUBSCRIBE c
     b: GET k`,
  ),
  sequence(
    'a subscription ends with its connection',
    'b: SUBSCRIBE c\nPUBLISH c 1\n(close b)\nPUBLISH c 2\nb: PING',
  ),
  sequence(
    'RESET ends subscriptions',
    'b: SUBSCRIBE c\nb: PSUBSCRIBE d*\nb: RESET\nPUBLISH c 1\nb: GET k',
  ),
  sequence(
    'SUBSCRIBE in a transaction',
    'b: MULTI\nb: SUBSCRIBE c\nb: SET k v\nb: EXEC\nPUBLISH c m\nb: GET k',
  ),
  sequence(
    'PUBLISH from a script and a transaction',
    `b: SUBSCRIBE c
     EVAL "return redis.call('PUBLISH', KEYS[1], ARGV[1])" 1 c hello
     MULTI
     PUBLISH c one
     PUBLISH c two
     EXEC`,
  ),
  sequence(
    'PUBSUB',
    `PUBSUB CHANNELS
     b: SUBSCRIBE x1 x2 y
     c: PSUBSCRIBE x*
     PUBSUB CHANNELS
     PUBSUB CHANNELS x*
     PUBSUB NUMSUB x1 y z
     PUBSUB NUMSUB
     PUBSUB NUMPAT
     PUBSUB FOO
     PUBSUB
     PUBSUB NUMPAT x`,
  ),
  sequence(
    'keyspace notifications of a lock',
    `CONFIG SET notify-keyspace-events KEA
     b: PSUBSCRIBE __key*__:*
     SET lock a NX PX 50000
     SET lock b NX PX 50000
     PEXPIRE lock 60000
     PERSIST lock
     DEL lock
     SETNX lock a
     EXPIRE lock 0
     CONFIG GET notify-keyspace-events`,
  ),
  sequence(
    'a notification of an expiry',
    `CONFIG SET notify-keyspace-events Ex
     b: SUBSCRIBE __keyevent@0__:expired
     SET lock a PX 30
     (wait 150)
     GET lock`,
  ),
  sequence(
    'keyspace notifications of strings and keys',
    `CONFIG SET notify-keyspace-events EA
     b: PSUBSCRIBE __keyevent@0__:*
     SET k 1
     INCR k
     INCRBYFLOAT k 1
     APPEND k x
     SETRANGE k 0 y
     GETSET k z
     GETEX k PX 5000
     GETEX k PERSIST
     GETDEL k
     MSET a 1 b 2
     MSETNX c 1
     RENAME a d
     COPY b e
     DEL b c
     SETEX s 100 v
     GETEX s EXAT 1
     FLUSHALL`,
  ),
  sequence(
    'keyspace notifications of collections',
    `CONFIG SET notify-keyspace-events EA
     b: PSUBSCRIBE __keyevent@0__:*
     HSET h f 1
     HINCRBY h f 1
     HSETNX h f 2
     HINCRBYFLOAT h g 1
     HDEL h f g
     RPUSH l a b c
     LPOP l
     LSET l 0 x
     LINSERT l BEFORE x y
     LREM l 1 y
     LTRIM l 0 0
     LMOVE l m LEFT RIGHT
     RPOPLPUSH m m
     RPOP m
     SADD s a b
     SADD s a
     SREM s a
     SMOVE s t b
     SPOP t
     ZADD z 1 a 2 b 3 c 4 d 5 e
     ZADD z 1 a
     ZINCRBY z 1 a
     ZREM z a
     ZPOPMIN z
     ZPOPMAX z
     ZREMRANGEBYRANK z 0 0
     ZREMRANGEBYSCORE z 0 10`,
  ),
  sequence(
    'classes of notifications',
    `CONFIG SET notify-keyspace-events Kg$
     CONFIG GET notify-keyspace-events
     b: PSUBSCRIBE *
     SET k v
     RPUSH l a
     DEL k l
     CONFIG SET notify-keyspace-events ""
     SET k v
     CONFIG GET notify-keyspace-events
     CONFIG SET notify-keyspace-events AKE
     CONFIG GET notify-keyspace-events
     CONFIG SET notify-keyspace-events zhslx$g
     CONFIG GET notify-keyspace-events`,
  ),
];

export const SERVER: readonly Sequence[] = [
  sequence('PING and ECHO', 'PING\nPING hello\nping\nPING a b\nECHO hi\nECHO ""\nECHO\nECHO a b'),
  sequence(
    'unknown commands',
    `FOO
     FOO bar "b z"
     foo a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp
     "F O" "x\\r\\ny"
     SETX k v
     "é" "éé"
     DELEX k
     SET k v IFEQ x`,
  ),
  sequence(
    'unknown subcommands',
    'CLIENT FOO\nCLIENT\nclient foo bar\nCONFIG FOO x\nCONFIG\nCONFIG GET\nCONFIG SET\nCONFIG SET x\nSCRIPT FOO\nPUBSUB FOO\nCOMMAND FOO\nCLIENT SETNAME\nCLIENT ID x',
  ),
  sequence(
    'CLIENT',
    'CLIENT GETNAME\nCLIENT SETNAME worker-1\nCLIENT GETNAME\nclient setname "a b"\nCLIENT SETNAME ""\nCLIENT GETNAME\nCLIENT ID\nclient id\nCLIENT SETINFO LIB-NAME x',
  ),
  sequence(
    'HELLO',
    'HELLO\nHELLO 2\nHELLO 2 SETNAME x\nCLIENT GETNAME\nHELLO 1\nHELLO 4\nHELLO x\nHELLO 2 FOO\nHELLO 2 AUTH default x\nHELLO 2 AUTH nobody x',
  ),
  sequence('AUTH', 'AUTH secret\nAUTH default secret\nAUTH nobody secret\nAUTH\nAUTH a b c'),
  sequence('TIME', 'TIME\nTIME x'),
  sequence('ROLE', 'ROLE\nROLE x'),
  sequence(
    'WAIT without replicas',
    'WAIT 0 0\nWAIT 0 100\nWAIT -1 0\nWAIT x 0\nWAIT 0 x\nWAIT 0 -1\nWAIT 0\nSET k v\nb> WAIT 1 10\n(wait 40)',
  ),
  sequence('WAIT blocks until its time is up', 'b> WAIT 1 30\n(wait 70)\nb: PING'),
  sequence(
    'INFO',
    'SET k v\nSET l w PX 100000\nINFO\nINFO replication\nINFO server\nINFO KEYSPACE\nINFO nothing\nFLUSHALL\nINFO keyspace',
  ),
  sequence(
    'CONFIG GET',
    'CONFIG GET notify-keyspace-events\nCONFIG GET nothing\nCONFIG GET maxmemory databases\nconfig get SAVE\nCONFIG GET notify*',
  ),
  sequence('COMMAND COUNT', 'COMMAND COUNT\nCOMMAND COUNT x'),
  sequence(
    'commands are found in any letter case',
    'sEt k v\ngEt k\nEvAlShA 0000000000000000000000000000000000000000 0\nscript EXISTS x\nSCRIPT exists x\nClient GetName',
  ),
  sequence('a command after QUIT is not read', 'b: QUIT\nPING'),
];
