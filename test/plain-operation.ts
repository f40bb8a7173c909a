/** What an operation of a scenario is unless a test says otherwise. */
export const PLAIN_OPERATION = { renew: false, mode: 'exclusive', nested: false } as const;
