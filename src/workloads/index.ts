/** The built-in workloads, by name. */
import { carelessSection, criticalSection } from './critical-section.js';
import { metadataRecovery } from './metadata-recovery.js';
import type { Workload } from './workload.js';

export const workloads: readonly Workload[] = [criticalSection, carelessSection, metadataRecovery];
export const DEFAULT_WORKLOAD = criticalSection;
