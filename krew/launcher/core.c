#include "core.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include "gate.h"

static const char CORE[] = "vouch-core";

/* Exit status for an installation that is not in order. Source: design, section 2. */
enum { EXIT_CONFIGURATION = 6 };

/* This program's own file with links followed; never from PATH or the current folder. False when it cannot be told. */
static bool own_file(char path[PATH_MAX]) {
#ifdef __APPLE__
  char named[PATH_MAX];
  uint32_t size = sizeof named;
  return _NSGetExecutablePath(named, &size) == 0 && realpath(named, path) != NULL;
#else
  ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return true;
#endif
}

/* A file as the shell takes it for one word. */
static void print_quoted(const char *path) {
  fputc('\'', stderr);
  for (; *path != '\0'; path++) {
    if (*path == '\'') fputs("'\\''", stderr);
    else fputc(*path, stderr);
  }
  fputc('\'', stderr);
}

static int refuse(const char *what, const char *core, const char *code) {
  fprintf(stderr, "error: %s %s. [%s]\n", core, what, code);
  return EXIT_CONFIGURATION;
}

static int refuse_missing(const char *core, int reason) {
  if (reason == ENOENT) refuse("is missing; it lies beside kubectl-vouch where that is installed", core, "core-missing");
  else refuse(strerror(reason), core, "core-unusable");
  fputs("Install it again: `kubectl krew uninstall vouch; kubectl krew install vouch`, or unpack the whole archive.\n",
        stderr);
  return EXIT_CONFIGURATION;
}

static int refuse_unsafe(const char *core, bool is_foreign) {
  if (is_foreign) {
    refuse("belongs to neither you, root nor the owner of kubectl-vouch", core, "core-unsafe");
    fputs("Look who can change it: `ls -l ", stderr);
  } else {
    refuse("may be changed by others", core, "core-unsafe");
    fputs("Take that away, if you trust what is in it: `chmod go-w ", stderr);
  }
  print_quoted(core);
  fputs("`\n", stderr);
  return EXIT_CONFIGURATION;
}

static bool is_turning(const char *variable) {
  for (size_t index = 0; index < sizeof TURNING / sizeof TURNING[0]; index++) {
    if (strncmp(variable, TURNING[index], strlen(TURNING[index])) == 0) return true;
  }
  return false;
}

/* The variable under a name that nothing acts on. NULL when there is no memory. */
static char *as_data(const char *variable) {
  char *renamed = malloc(strlen(DROPPED_PREFIX) + strlen(variable) + 1);
  if (renamed == NULL) return NULL;
  strcpy(renamed, DROPPED_PREFIX);
  strcat(renamed, variable);
  return renamed;
}

/* The environment for the core. Nobody but us says what was dropped. NULL when there is no memory. */
static char **cleaned(char **environment) {
  size_t count = 0;
  while (environment[count] != NULL) count++;
  char **clean = calloc(count + 1, sizeof *clean);
  if (clean == NULL) return NULL;
  size_t kept = 0;
  for (size_t index = 0; index < count; index++) {
    if (strncmp(environment[index], DROPPED_PREFIX, strlen(DROPPED_PREFIX)) == 0) continue;
    clean[kept] = is_turning(environment[index]) ? as_data(environment[index]) : environment[index];
    if (clean[kept++] == NULL) return NULL;
  }
  return clean;
}

int become_core(char **argv, char **environment) {
  char own[PATH_MAX];
  char core[PATH_MAX + sizeof CORE];
  if (!own_file(own)) return refuse("cannot be found: this program cannot tell where it lies", CORE, "core-missing");
  strcpy(core, own);
  strcpy(strrchr(core, '/') + 1, CORE);

  struct stat ours, facts;
  if (stat(core, &facts) != 0) return refuse_missing(core, errno);
  bool is_foreign = facts.st_uid != 0 && facts.st_uid != geteuid() &&
                    (stat(own, &ours) != 0 || facts.st_uid != ours.st_uid);
  if (is_foreign || (facts.st_mode & 022) != 0) return refuse_unsafe(core, is_foreign);

  char **environment_for_core = cleaned(environment);
  if (environment_for_core == NULL) return refuse("cannot be started: no memory", core, "core-unusable");
  execve(core, argv, environment_for_core);
  return refuse_missing(core, errno);
}
