/** Types of the one part of node-zookeeper-client that is used: the records of its protocol. */
declare module 'node-zookeeper-client/lib/jute/index.js' {
  /** What can be written as bytes. */
  export interface Writable {
    byteLength(): number;
    serialize(buffer: Buffer, offset: number): number;
  }

  /** Fields are named as in zookeeper.jute; 64-bit numbers are buffers of 8 bytes. */
  export interface Record extends Writable {
    deserialize(buffer: Buffer, offset: number): number;
    readonly [field: string]: unknown;
  }

  type Records<Name extends string> = {
    readonly [N in Name]: new (
      ...fields: unknown[]
    ) => Record;
  };

  interface Jute {
    readonly protocol: Records<
      | 'CheckVersionRequest'
      | 'ConnectRequest'
      | 'ConnectResponse'
      | 'CreateRequest'
      | 'CreateResponse'
      | 'DeleteRequest'
      | 'ErrorResponse'
      | 'ExistsRequest'
      | 'ExistsResponse'
      | 'GetChildren2Request'
      | 'GetDataRequest'
      | 'GetDataResponse'
      | 'MultiHeader'
      | 'ReplyHeader'
      | 'RequestHeader'
      | 'SetDataRequest'
      | 'SetDataResponse'
      | 'SetWatches'
      | 'WatcherEvent'
    >;
    readonly data: Records<'ACL' | 'Id' | 'Stat'>;
    /** With its length before it, as it goes over the wire. */
    readonly Request: new (
      header: Writable | null,
      payload: Writable | null,
    ) => { toBuffer(): Buffer };
  }

  const jute: Jute;
  export default jute;
}
