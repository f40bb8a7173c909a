/**
 * Which server programs are on this machine, where, and of which version: what is missing or too
 * old or too new is said in one sentence, with what helps.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ServerKind } from './server.js';
import { ServerTrouble } from './trouble.js';

/** How to get all of them, on Debian: a script that comes with the sources. */
export const HOW_TO_INSTALL = 'scripts/install-servers installs all servers on Debian';

/** Where packages put the library that is ZooKeeper, and PostgreSQL with its versions. */
export const ZOOKEEPER_JAR = '/usr/share/java/zookeeper.jar';
const POSTGRES_VERSIONS = '/usr/lib/postgresql';

const VERSION_LIMIT_MS = 10_000;

/** A program that is there. */
export interface Program {
  readonly file: string;
  readonly version: string;
}

interface ProgramSpec {
  /** As people call it. */
  readonly name: string;
  readonly file: () => string;
  readonly args: readonly string[];
  /** Finds the version in what it prints. */
  readonly version: RegExp;
  readonly range: VersionRange;
  readonly debianPackages: string;
}

/** Versions from `from` on, below `below`; by `tested` the models were made. */
export interface VersionRange {
  readonly from: string;
  readonly below: string;
  readonly tested: string;
}

export const VERSIONS: Readonly<Record<ServerKind, VersionRange>> = {
  redis: { from: '7.0', below: '8.0', tested: '7.0' },
  postgres: { from: '13.0', below: '18.0', tested: '15' },
  pgbouncer: { from: '1.12', below: '2.0', tested: '1.18' },
  etcd: { from: '3.4', below: '3.6', tested: '3.4' },
  zookeeper: { from: '3.5', below: '3.10', tested: '3.8' },
};

const SPECS: Readonly<Record<ServerKind, ProgramSpec>> = {
  redis: {
    name: 'redis-server',
    file: () => 'redis-server',
    args: ['--version'],
    version: / v=(\d[\d.]*)/,
    range: VERSIONS.redis,
    debianPackages: 'redis-server',
  },
  postgres: {
    name: 'PostgreSQL',
    file: () => path.join(postgresFolder(), 'postgres'),
    args: ['--version'],
    version: /(\d+\.\d+)/,
    range: VERSIONS.postgres,
    debianPackages: 'postgresql',
  },
  pgbouncer: {
    name: 'pgbouncer',
    file: () => 'pgbouncer',
    args: ['--version'],
    version: /PgBouncer (\d[\d.]*)/i,
    range: VERSIONS.pgbouncer,
    debianPackages: 'pgbouncer',
  },
  etcd: {
    name: 'etcd',
    file: () => 'etcd',
    args: ['--version'],
    version: /etcd Version: (\d[\d.]*)/,
    range: VERSIONS.etcd,
    debianPackages: 'etcd-server',
  },
  zookeeper: {
    name: 'ZooKeeper',
    file: () => 'java',
    args: [
      '-XX:-UsePerfData',
      '-cp',
      ZOOKEEPER_JAR,
      'org.apache.zookeeper.version.VersionInfoMain',
    ],
    version: /version:? (\d+\.\d+\.\d+)/,
    range: VERSIONS.zookeeper,
    debianPackages: 'zookeeper default-jre-headless',
  },
};

/** The programs of the newest PostgreSQL, or of the one that POSTGRES_BIN names. */
export function postgresFolder(): string {
  const named = process.env['POSTGRES_BIN'];
  if (named !== undefined) return named;
  const installed = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS) : [];
  const supported = installed.filter((version) => isWithin(`${version}.0`, VERSIONS.postgres));
  const newest = supported.sort((a, b) => Number(b) - Number(a))[0] ?? installed[0];
  return newest === undefined ? '' : path.join(POSTGRES_VERSIONS, newest, 'bin');
}

/** `7.0.15` against `7.0`: negative, zero or positive, as far as both go. */
function compareVersions(a: string, b: string): number {
  const [these, those] = [a, b].map((version) => version.split('.').map(Number));
  for (const [at, part] of those!.entries()) {
    const difference = (these![at] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isWithin(version: string, { from, below }: VersionRange): boolean {
  return compareVersions(version, from) >= 0 && compareVersions(version, below) < 0;
}

/** `7.0 up to, not including, 8.0 (tested: 7.0)`: which versions are taken, in words. */
export function rangeInWords({ from, below, tested }: VersionRange): string {
  return `${from} up to, not including, ${below} (tested with ${tested})`;
}

const found = new Map<ServerKind, Program>();

/**
 * Where a program is and of which version; asked once.
 *
 * @throws ServerTrouble if it is missing or of a version that is not supported.
 */
export function programOf(kind: ServerKind): Program {
  const known = found.get(kind);
  if (known !== undefined) return known;
  const { name, file, args, version, range, debianPackages } = SPECS[kind];
  const program = file();
  const printed = output(program, args);
  const itsVersion = printed === undefined ? undefined : version.exec(printed)?.[1];
  if (itsVersion === undefined) {
    throw new ServerTrouble(
      `${name} is not installed: apt-get install ${debianPackages}; ${HOW_TO_INSTALL}`,
    );
  }
  if (!isWithin(itsVersion, range)) {
    throw new ServerTrouble(
      `${name} ${itsVersion} (${program}) is not supported: it takes ${rangeInWords(range)}`,
    );
  }
  found.set(kind, { file: program, version: itsVersion });
  return { file: program, version: itsVersion };
}

/** Whether a program is not there at all; one of another version is there. */
export function isAbsent(kind: ServerKind): boolean {
  if (found.has(kind)) return false;
  const { file, args } = SPECS[kind];
  return output(file(), args) === undefined;
}

/** What a program prints; `undefined` if it is not there or fails. */
function output(file: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(file, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: VERSION_LIMIT_MS,
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    });
  } catch {
    return undefined;
  }
}

/** Why a server cannot be started here, in one sentence; `undefined` if it can. */
export function whatIsMissing(kind: ServerKind): string | undefined {
  try {
    programOf(kind);
    return undefined;
  } catch (error) {
    if (error instanceof ServerTrouble) return error.message;
    throw error;
  }
}
