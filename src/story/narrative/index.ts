/**
 * The narrative of a violation: why it happened, in plain sentences that name clients, servers and
 * faults, and what helps. One file for each property; every one reads the history of
 * the smallest run and judges nothing.
 */
import type { Property, PropertyVerdict } from '../../verdict.js';
import { belief } from './belief.js';
import { coverage, determinism } from './campaign.js';
import { fairness } from './fairness.js';
import { fencing } from './fencing.js';
import { leak } from './leak.js';
import { mutualExclusion } from './mutual-exclusion.js';
import { ownership } from './ownership.js';
import { progress } from './progress.js';
import { reentrancy } from './reentrancy.js';
import { resourceSafety } from './resource-safety.js';
import { beginTale, type Narrator, type Told } from './tale.js';

const NARRATORS: Readonly<Record<Property, Narrator>> = {
  'mutual-exclusion': mutualExclusion,
  'read-write': mutualExclusion,
  permits: mutualExclusion,
  reentrancy,
  'resource-safety': resourceSafety,
  fencing,
  ownership,
  leak,
  progress,
  fairness,
  belief,
  coverage,
  determinism,
};

/** Why a verdict is invalid, as one paragraph. Any other verdict has its reason, or nothing. */
export function narrate(verdict: PropertyVerdict, trace: Told): string {
  if (verdict.verdict !== 'invalid') return verdict.reason ?? '';
  return NARRATORS[verdict.property](beginTale(trace), verdict).join(' ');
}
