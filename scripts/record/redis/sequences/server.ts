/**
 * Unknown commands, and what is about the connection or the server.
 */
import { type Sequence, sequence } from '../sequence.js';

export const SERVER: readonly Sequence[] = [
  sequence(
    'PING and ECHO',
    `PING
     PING hello
     ping
     PING a b
     ECHO hi
     ECHO ""
     ECHO
     ECHO a b`,
  ),
  sequence(
    'unknown commands',
    `FOO
     FOO bar "b z"
     foo a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii jj
     "F O" "x\\r\\ny"
     SETX k v
     "é" "éé"
     DELEX k
     SET k v IFEQ x`,
  ),
  sequence(
    'unknown subcommands',
    `CLIENT FOO
     CLIENT
     client foo bar
     CONFIG FOO x
     CONFIG
     CONFIG GET
     CONFIG SET
     CONFIG SET x
     SCRIPT FOO
     PUBSUB FOO
     COMMAND FOO
     CLIENT SETNAME
     CLIENT ID x`,
  ),
  sequence(
    'CLIENT',
    `CLIENT GETNAME
     CLIENT SETNAME worker-1
     CLIENT GETNAME
     client setname "a b"
     CLIENT SETNAME ""
     CLIENT GETNAME
     CLIENT ID
     client id
     CLIENT SETINFO LIB-NAME x`,
  ),
  sequence(
    'HELLO',
    `HELLO
     HELLO 2
     HELLO 2 SETNAME x
     CLIENT GETNAME
     HELLO 1
     HELLO 4
     HELLO x
     HELLO 2 FOO
     HELLO 2 AUTH default x
     HELLO 2 AUTH nobody x`,
  ),
  sequence(
    'AUTH',
    `AUTH secret
     AUTH default secret
     AUTH nobody secret
     AUTH
     AUTH a b c`,
  ),
  sequence(
    'TIME',
    `TIME
     TIME x`,
  ),
  sequence(
    'ROLE',
    `ROLE
     ROLE x`,
  ),
  sequence(
    'WAIT without replicas',
    `WAIT 0 0
     WAIT 0 100
     WAIT -1 0
     WAIT x 0
     WAIT 0 x
     WAIT 0 -1
     WAIT 0
     SET k v
     b> WAIT 1 10
     (wait 40)`,
  ),
  sequence(
    'WAIT blocks until its time is up',
    `b> WAIT 1 30
     (wait 70)
     b: PING`,
  ),
  sequence(
    'INFO',
    `SET k v
     SET l w PX 100000
     INFO
     INFO replication
     INFO server
     INFO KEYSPACE
     INFO nothing
     FLUSHALL
     INFO keyspace`,
  ),
  sequence(
    'CONFIG GET',
    `CONFIG GET notify-keyspace-events
     CONFIG GET nothing
     CONFIG GET maxmemory databases
     config get SAVE
     CONFIG GET notify*`,
  ),
  sequence(
    'CONFIG SET of classes of events that do not exist',
    `CONFIG SET notify-keyspace-events KExq
     CONFIG GET notify-keyspace-events`,
  ),
  sequence(
    'COMMAND COUNT',
    `COMMAND COUNT
     COMMAND COUNT x`,
  ),
  sequence(
    'commands are found in any letter case',
    `sEt k v
     gEt k
     EvAlShA 0000000000000000000000000000000000000000 0
     script EXISTS x
     SCRIPT exists x
     Client GetName`,
  ),
  sequence(
    'a command after QUIT is not read',
    `b: QUIT
     PING`,
  ),
];
