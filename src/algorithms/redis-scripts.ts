/**
 * The scripts of the Redis locks. Each compares and acts in one step at the server, so nothing can
 * come between the look and the act (Redis documentation, "Distributed Locks with Redis", section
 * "Correct Implementation with a Single Instance").
 */

/** Deletes KEYS[1] if it holds ARGV[1]. Answers 1, or 0 if it holds something else or nothing. */
export const DELETE_IF_OWN = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
`;

/** Lets KEYS[1] live ARGV[2] ms from now if it holds ARGV[1]. Answers 1, else 0. */
export const EXTEND_IF_OWN = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
`;

/**
 * Sets KEYS[1] to ARGV[1] for ARGV[2] ms if it is free, and counts the grant in KEYS[2]. Answers
 * the count, which is the fencing token, or nil if the key is taken.
 */
export const SET_AND_COUNT = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return redis.call('INCR', KEYS[2])
end
return false
`;
