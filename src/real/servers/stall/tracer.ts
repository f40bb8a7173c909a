/**
 * A disk that hangs, for one process: this C is compiled when it is needed and traces the process
 * (ptrace(2)). Whoever of its threads is about to have the kernel write out a log is held there, as
 * in a call that does not return, while all others go on. When the tracer ends, however it does,
 * the kernel lets them all go.
 */

/** What it says when it traces all threads, and when it holds the first one. */
export const TRACES = 'traces';
export const HOLDS = 'holds';

/** Takes the number of a process and what the names of its logs contain. */
export const TRACER_SOURCE = `
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE)

/* As in linux/ptrace.h, which cannot be included beside sys/ptrace.h. */
#define GET_SYSCALL_INFO 0x420e
#define INFO_ENTRY 1
struct info {
  uint8_t op;
  uint8_t pad[3];
  uint32_t arch;
  uint64_t instruction, stack, number, args[6];
};

static const char *part;

static void say(const char *word) {
  printf("%s\\n", word);
  fflush(stdout);
}

/* How many threads were not traced before. */
static int seize_all(const char *pid) {
  char folder[64];
  snprintf(folder, sizeof folder, "/proc/%s/task", pid);
  DIR *tasks = opendir(folder);
  if (tasks == NULL) { perror("no such process"); exit(1); }
  int fresh = 0;
  for (struct dirent *one = readdir(tasks); one != NULL; one = readdir(tasks)) {
    pid_t thread = atoi(one->d_name);
    if (thread <= 0) continue;
    if (ptrace(PTRACE_SEIZE, thread, 0, OPTIONS) != 0) {
      /* It is traced already, by us, or it has ended. */
      if (fresh > 0 || errno == ESRCH) continue;
      char status[96], line[256];
      int tracer = 0;
      snprintf(status, sizeof status, "/proc/%s/task/%d/status", pid, thread);
      FILE *file = fopen(status, "r");
      while (file != NULL && fgets(line, sizeof line, file) != NULL)
        sscanf(line, "TracerPid: %d", &tracer);
      if (file != NULL) fclose(file);
      if (tracer == getpid()) continue;
      perror("not to be traced");
      exit(1);
    }
    ptrace(PTRACE_INTERRUPT, thread, 0, 0);
    fresh++;
  }
  closedir(tasks);
  return fresh;
}

/* Whether a thread is about to have a log written out. */
static int writes_out(pid_t thread) {
  struct info info;
  if (ptrace(GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return 0;
  if (info.op != INFO_ENTRY) return 0;
  if (info.number != SYS_fdatasync && info.number != SYS_fsync) return 0;
  char link[64], file[4096];
  snprintf(link, sizeof link, "/proc/%d/fd/%d", thread, (int) info.args[0]);
  ssize_t length = readlink(link, file, sizeof file - 1);
  if (length < 0) return 0;
  file[length] = 0;
  return strstr(file, part) != NULL;
}

int main(int count, char **words) {
  if (count != 3) return 2;
  part = words[2];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (seize_all(words[1]) > 0) {}
  say("${TRACES}");
  int holds = 0;
  for (;;) {
    int status;
    pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0) return 0;
    if (!WIFSTOPPED(status)) continue;
    int signal = WSTOPSIG(status);
    int event = status >> 16;
    if (signal == (SIGTRAP | 0x80)) {
      if (writes_out(thread)) {
        if (holds++ == 0) say("${HOLDS}");
        continue;
      }
      signal = 0;
    } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
      ptrace(PTRACE_LISTEN, thread, 0, 0);
      continue;
    } else if (event != 0) {
      signal = 0;
    }
    ptrace(PTRACE_SYSCALL, thread, 0, signal);
  }
}
`;
