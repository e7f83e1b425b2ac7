/*
 * Times programs as kubectl runs them: each call has a parent process of its own, all programs take turns, and nothing of
 * a shell or of Node is in the time.
 *
 * Standard input: the number of rounds, then for each program the number of its words, the words, the number of its
 * variables and the variables, each ended by NUL. Standard output: a line for each call, "PROGRAM NANOSECONDS KILOBYTES",
 * where PROGRAM counts from 0 and KILOBYTES is the peak of its memory. Ends with 1 when a call fails.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PROGRAMS = 32, MAX_INPUT = 1 << 20 };

typedef struct {
  char **words;
  char **variables;
} Program;

typedef struct {
  int64_t nanoseconds;
  int64_t kilobytes;
} Call;

static char input[MAX_INPUT];
static char *cursor = input;

static char *next_text(void) {
  char *text = cursor;
  cursor += strlen(cursor) + 1;
  return text;
}

static char **next_list(void) {
  int count = atoi(next_text());
  char **list = calloc((size_t)count + 1, sizeof *list);
  for (int index = 0; index < count; index++) list[index] = next_text();
  return list;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* In the parent that a call has for itself: ends it with the call's status. */
static void call(const Program *program, int result) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  int64_t start = now();
  pid_t child;
  int status;
  struct rusage usage;
  if (posix_spawnp(&child, program->words[0], &files, NULL, program->words, program->variables) != 0) _exit(127);
  wait4(child, &status, 0, &usage);
  Call measured = {now() - start, usage.ru_maxrss};
  if (write(result, &measured, sizeof measured) != sizeof measured) _exit(126);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
}

static int measure(const Program *program, int index) {
  int ends[2];
  int status;
  Call measured;
  if (pipe(ends) != 0) return 1;
  pid_t parent = fork();
  if (parent == 0) call(program, ends[1]);
  close(ends[1]);
  ssize_t got = read(ends[0], &measured, sizeof measured);
  close(ends[0]);
  waitpid(parent, &status, 0);
  if (got != sizeof measured || status != 0) {
    fprintf(stderr, "%s ended with status %d\n", program->words[0], WEXITSTATUS(status));
    return 1;
  }
  printf("%d %lld %lld\n", index, (long long)measured.nanoseconds, (long long)measured.kilobytes);
  return 0;
}

int main(void) {
  size_t length = fread(input, 1, sizeof input - 1, stdin);
  Program programs[MAX_PROGRAMS];
  int count = 0;
  int rounds = atoi(next_text());
  while (cursor < input + length && count < MAX_PROGRAMS) {
    programs[count].words = next_list();
    programs[count++].variables = next_list();
  }
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  for (int round = 0; round < rounds; round++) {
    for (int index = 0; index < count; index++) {
      if (measure(&programs[index], index) != 0) return 1;
      fflush(stdout);
    }
  }
  return 0;
}
