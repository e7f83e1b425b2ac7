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

extern char **environ;

/* Exit status for a broken installation. Source: plugin/EXIT-STATUS.md. */
enum { EXIT_CONFIGURATION = 6 };

/* This program's own file with links followed; never from PATH or the current folder. False if it cannot be determined. */
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

/* Prints a path quoted as one word for the shell. */
static void print_quoted(const char *path) {
  fputc('\'', stderr);
  for (; *path != '\0'; path++) {
    if (*path == '\'') fputs("'\\''", stderr);
    else fputc(*path, stderr);
  }
  fputc('\'', stderr);
}

/* The first line: what is wrong with which file. Returns the exit status. */
static int refuse(const char *core, const char *what, const char *code) {
  fprintf(stderr, "error: %s %s. [%s]\n", core, what, code);
  return EXIT_CONFIGURATION;
}

/* The second line: what to do, with a command for this file to paste. */
static void advise(const char *what, const char *command, const char *file) {
  fprintf(stderr, "%s: `%s ", what, command);
  print_quoted(file);
  fputs("`\n", stderr);
}

static void advise_installing(void) {
  fputs("Reinstall it: `kubectl krew uninstall vouch; kubectl krew install vouch`, or unpack the whole archive.\n",
        stderr);
}

static int refuse_unsafe(const char *core, bool is_foreign) {
  if (is_foreign) {
    refuse(core, "does not belong to you, root or the owner of kubectl-vouch", "core-unsafe");
    advise("Check who can change it", "ls -l", core);
  } else {
    refuse(core, "is writable by others", "core-unsafe");
    advise("If you trust its contents, remove that permission", "chmod go-w", core);
  }
  return EXIT_CONFIGURATION;
}

/* The core exists, but the system cannot start it. */
static int refuse_unstartable(const char *core, mode_t mode, int reason) {
  char what[256];
  snprintf(what, sizeof what, "cannot be started: %s", strerror(reason));
  if (reason == EACCES && (mode & 0111) == 0) {
    refuse(core, "is not executable", "core-unusable");
    advise("Make it executable", "chmod +x", core);
  } else if (reason == EACCES || reason == EPERM) {
    refuse(core, what, "core-unusable");
    advise("Check whether its file system forbids running programs (noexec)", "findmnt --target", core);
  } else if (reason == ENOENT) {
    refuse(core, "cannot be started: its loader is missing; it requires glibc 2.28 or newer", "core-unusable");
    advise("On Alpine, install kubectl-vouch with npm. Elsewhere, check what is missing", "ldd", core);
  } else if (reason == E2BIG) {
    refuse(core, what, "core-unusable");
    fputs("Unset large variables or pass fewer arguments (size of the environment in bytes: `env | wc -c`).\n", stderr);
  } else {
    refuse(core, what, "core-unusable");
    advise_installing();
  }
  return EXIT_CONFIGURATION;
}

/* There is nothing to start. */
static int refuse_missing(const char *core, const char *why) {
  refuse(core, why, "core-missing");
  advise_installing();
  return EXIT_CONFIGURATION;
}

static bool is_turning(const char *variable) {
  for (size_t index = 0; index < sizeof TURNING / sizeof TURNING[0]; index++) {
    if (strncmp(variable, TURNING[index], strlen(TURNING[index])) == 0) return true;
  }
  return false;
}

/* The variable under a name that has no effect. NULL if there is no memory. */
static char *as_data(const char *variable) {
  char *renamed = malloc(strlen(DROPPED_PREFIX) + strlen(variable) + 1);
  if (renamed == NULL) return NULL;
  strcpy(renamed, DROPPED_PREFIX);
  strcat(renamed, variable);
  return renamed;
}

/* The environment for the core. Only we may say what was withheld. NULL if there is no memory. */
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

int become_core(char **argv) {
  char own[PATH_MAX];
  char core[PATH_MAX + sizeof CORE];
  if (!own_file(own)) {
    refuse(CORE, "not found: the system does not report the path of this program", "core-missing");
    fputs("On Linux this requires /proc: `mount -t proc proc /proc`\n", stderr);
    return EXIT_CONFIGURATION;
  }
  strcpy(core, own);
  strcpy(strrchr(core, '/') + 1, CORE);

  struct stat ours, facts;
  if (stat(core, &facts) != 0) {
    if (errno != ENOENT) return refuse_missing(core, strerror(errno));
    return refuse_missing(core, "not found; it must be next to kubectl-vouch");
  }
  if (!S_ISREG(facts.st_mode)) return refuse_missing(core, "is not a file");
  bool is_foreign = facts.st_uid != 0 && facts.st_uid != geteuid() &&
                    (stat(own, &ours) != 0 || facts.st_uid != ours.st_uid);
  if (is_foreign || (facts.st_mode & 022) != 0) return refuse_unsafe(core, is_foreign);

  char **environment_for_core = cleaned(environ);
  if (environment_for_core == NULL) return refuse_unstartable(core, facts.st_mode, ENOMEM);
  execve(core, argv, environment_for_core);
  return refuse_unstartable(core, facts.st_mode, errno);
}
