/** Messages of PostgreSQL, made by hand after the documentation's "Message Formats". */
import { describe, expect, test } from 'vitest';
import { postgresFraming } from '../../../src/real/proxy/postgres.js';
import { framesInAnyPieces, type Talk } from './pieces.js';

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.from(`${value}\0`);
const value = (content: string | null) =>
  content === null
    ? int32(-1)
    : Buffer.concat([int32(Buffer.byteLength(content)), Buffer.from(content)]);

function message(letter: string, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(letter), int32(4 + content.length), content]);
}

const startup = (() => {
  const content = Buffer.concat([
    int32(196_608),
    ...['user', 'postgres', ''].map((word) => text(word)),
  ]);
  return Buffer.concat([int32(4 + content.length), content]);
})();
const ready = message('Z', Buffer.from('I'));
const welcome = Buffer.concat([
  message('R', int32(0)),
  message('S', text('server_version'), text('15.0')),
  message('K', int32(1), int32(2)),
  ready,
]);
const fields = (letter: string, severity: string, code: string, words: string) =>
  message(
    letter,
    text(`S${severity}`),
    text(`V${severity}`),
    text(`C${code}`),
    text(`M${words}`),
    Buffer.from('\0'),
  );
const column = (name: string, type: number) =>
  Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]);

/** After the connection is opened. */
function opened(...talk: Talk): Talk {
  return [['requests', startup], ['replies', welcome], ...talk];
}

/** What a story has of it: the rest passes. */
function shown(talk: Talk) {
  const frames = framesInAnyPieces(postgresFraming, talk);
  return frames.filter(({ passes }) => !passes).map(({ bytes: _bytes, ...rest }) => rest);
}

describe('messages of PostgreSQL', () => {
  test('what opens a connection passes by itself', () => {
    const frames = framesInAnyPieces(postgresFraming, opened());
    expect(frames.map(({ passes }) => passes)).toEqual([true, true, true, true, true]);
  });

  test('a simple query is a request, and all up to ReadyForQuery its reply', () => {
    const talk = opened(
      ['requests', message('Q', text('BEGIN;  SELECT 1'))],
      [
        'replies',
        Buffer.concat([
          message('C', text('BEGIN')),
          message('T', int16(1), column('n', 23)),
          message('D', int16(1), value('1')),
          message('C', text('SELECT 1')),
          ready,
        ]),
      ],
    );
    expect(shown(talk)).toEqual([
      { text: 'BEGIN; SELECT 1', body: { text: 'BEGIN;  SELECT 1' } },
      { text: 'BEGIN; SELECT {"n":1}' },
    ]);
  });

  test('a query with parameters is a request up to its Sync', () => {
    const query = 'SELECT held($1, $2)';
    const asked = Buffer.concat([
      message('P', text(''), text(query), int16(0)),
      message('B', text(''), text(''), int16(0), int16(2), value("k'"), value(null), int16(0)),
      message('D', Buffer.from('P'), text('')),
      message('E', text(''), int32(0)),
      message('S'),
    ]);
    const answer = Buffer.concat([
      message('1'),
      message('2'),
      message('T', int16(2), column('held', 16), column('fence', 20)),
      message('D', int16(2), value('t'), value('9007199254740993')),
      message('C', text('SELECT 1')),
      ready,
    ]);
    expect(shown(opened(['requests', asked], ['replies', answer]))).toEqual([
      { text: `${query} ['k'', null]`, body: { text: query, values: ["k'", null] } },
      { text: 'SELECT {"held":true,"fence":"9007199254740993"}' },
    ]);
  });

  test('two pipelined queries are two requests', () => {
    const asked = Buffer.concat([message('Q', text('BEGIN')), message('Q', text('COMMIT'))]);
    expect(shown(opened(['requests', asked])).map(({ text: words }) => words)).toEqual([
      'BEGIN',
      'COMMIT',
    ]);
  });

  test('a notice is part of its reply, and so is a notification that comes with it', () => {
    const warning = fields('N', 'WARNING', '01000', 'you do not own a lock');
    const news = message('A', int32(7), text('released'), text('k'));
    const rows = message('C', text('DELETE 0'));
    const talk = opened(['replies', Buffer.concat([warning, rows, news, ready])]);
    const words = "WARNING: you do not own a lock; DELETE 0; NOTIFY released 'k'";
    expect(shown(talk)).toEqual([{ text: words }]);
  });

  test('a notification between replies is a message of its own', () => {
    const news = message('A', int32(7), text('released'), text('k'));
    const talk = opened(['replies', Buffer.concat([news, message('C', text('BEGIN')), ready])]);
    expect(shown(talk)).toEqual([{ text: "NOTIFY released 'k'", isNews: true }, { text: 'BEGIN' }]);
  });

  test('an error ends with ReadyForQuery, a fatal one at once', () => {
    const notGranted = fields('E', 'ERROR', '55P03', 'canceling statement due to lock timeout');
    const words = 'terminating connection due to administrator command';
    const end = fields('E', 'FATAL', '57P01', words);
    expect(shown(opened(['replies', Buffer.concat([notGranted, ready, end])]))).toEqual([
      { text: 'ERROR: 55P03: canceling statement due to lock timeout' },
      { text: `FATAL: 57P01: ${words}` },
    ]);
  });

  test('an error of a story comes from the server if it does not end the session', () => {
    const framing = postgresFraming();
    const request = { bytes: message('Q', text('SELECT 1')), text: 'SELECT 1' };
    const refusal = framing.refusal('57014 canceling statement due to user request', request);
    expect(refusal).toMatchObject({ instead: { bytes: expect.anything() } });
    const fatal = framing.refusal('53300 sorry, too many clients already', request);
    expect(fatal).toMatchObject({
      ends: true,
      reply: { text: 'FATAL: 53300: sorry, too many clients already' },
    });
  });
});
