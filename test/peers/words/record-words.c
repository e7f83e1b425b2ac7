/*
 * Stands for any program: appends its words to the file that RECORD_FILE names, NUL behind each, after their number. By the
 * name `variables` it appends the values of the variables that its words name. Says nothing and ends with 0.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const char *name = strrchr(argv[0], '/');
  name = name == NULL ? argv[0] : name + 1;
  int asks = strcmp(name, "variables") == 0;
  char *record = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&record, &size);
  fprintf(memory, "%d%c%s%c", argc, 0, name, 0);
  for (int i = 1; i < argc; i++) {
    const char *value = asks ? getenv(argv[i]) : argv[i];
    fprintf(memory, "%s%c", value == NULL ? "(unset)" : value, 0);
  }
  fclose(memory);
  const char *path = getenv("RECORD_FILE");
  int file = open(path == NULL ? "/dev/null" : path, O_WRONLY | O_APPEND | O_CREAT, 0600);
  return file < 0 || write(file, record, size) != (ssize_t)size;
}
