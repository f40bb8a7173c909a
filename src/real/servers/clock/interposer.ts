/**
 * A wall clock that can be moved, for one process and its children: this C is compiled when it is
 * needed and loaded with LD_PRELOAD (ld.so(8)). It stands before three functions of libc, asks the
 * kernel itself for the time, and adds what a file in shared memory says. The monotonic clocks are
 * left alone.
 */

/** Names the file to the library. */
export const CLOCK_VARIABLE = 'HOLDFAST_CLOCK';

/**
 * The layout of the file, in 64-bit numbers: how often it was written, and two slots of offset
 * (µs), rate (millionths), and the instant (µs of the true clock) from which the rate counts. The
 * count's parity names the slot in force, so a reader never sees half of a change.
 */
export const CLOCK_BYTES = 64;
export const SLOT_OFFSETS = [8, 32] as const;

export const INTERPOSER_SOURCE = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct setting { int64_t offset_us, rate_ppm, since_us; };
struct shared { volatile int64_t count; struct setting slots[2]; };

static const struct shared *shared;

__attribute__((constructor)) static void open_clock(void) {
  const char *name = getenv("${CLOCK_VARIABLE}");
  int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *memory = mmap(0, ${CLOCK_BYTES}, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (memory != MAP_FAILED) shared = memory;
}

static int64_t moved_ns(int64_t true_ns) {
  struct setting now;
  int64_t count;
  if (!shared) return true_ns;
  do {
    count = shared->count;
    __sync_synchronize();
    now = shared->slots[count & 1];
    __sync_synchronize();
  } while (count != shared->count);
  int64_t passed_us = true_ns / 1000 - now.since_us;
  int64_t gained_ns = (int64_t)((__int128)passed_us * now.rate_ppm / 1000);
  return true_ns + now.offset_us * 1000 + gained_ns;
}

static int64_t now_ns(void) {
  struct timespec real;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &real);
  return moved_ns((int64_t)real.tv_sec * 1000000000 + real.tv_nsec);
}

int clock_gettime(clockid_t clock, struct timespec *to) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
    long result = syscall(SYS_clock_gettime, clock, to);
    return (int)result;
  }
  int64_t ns = now_ns();
  to->tv_sec = ns / 1000000000;
  to->tv_nsec = ns % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict to, void *restrict zone) {
  (void)zone;
  if (!to) return 0;
  int64_t us = now_ns() / 1000;
  to->tv_sec = us / 1000000;
  to->tv_usec = us % 1000000;
  return 0;
}

time_t time(time_t *to) {
  time_t seconds = now_ns() / 1000000000;
  if (to) *to = seconds;
  return seconds;
}
`;
