/**
 * The commands of Redis 7.0.15 that are not modelled. They answer by name that they are not, so
 * that a lock that uses one fails loudly and is not judged on a guess. (COMMAND LIST of the real
 * server; a test compares.)
 */

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

export const UNMODELLED: ReadonlySet<string> = new Set(
  names(`
    acl asking bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos bzmpop cluster debug
    dump failover fcall fcall_ro function geoadd geodist geohash geopos georadius georadius_ro
    georadiusbymember georadiusbymember_ro geosearch geosearchstore getbit hrandfield lastsave
    latency lcs lolwut memory migrate module monitor move object pfadd pfcount pfdebug pfmerge
    pfselftest psync readonly readwrite replconf replicaof restore restore-asking save sdiffstore
    setbit shutdown sintercard sinterstore slaveof slowlog sort sort_ro spublish ssubscribe
    sunionstore sunsubscribe swapdb sync xack xadd xautoclaim xclaim xdel xgroup xinfo xlen xpending
    xrange xread xreadgroup xrevrange xsetid xtrim zdiff zdiffstore zinter zintercard zinterstore
    zmpop zrandmember zrangestore zunion zunionstore
  `),
);

/** The same for subcommands of commands that are modelled. */
export const UNMODELLED_SUBCOMMANDS: ReadonlySet<string> = new Set(
  names(`
    client|caching client|getredir client|help client|info client|kill client|list client|no-evict
    client|pause client|reply client|tracking client|trackinginfo client|unblock client|unpause
    command|docs command|getkeys command|getkeysandflags command|help command|info command|list
    config|help config|resetstat config|rewrite
    pubsub|help pubsub|shardchannels pubsub|shardnumsub
    script|debug script|help
  `),
);
