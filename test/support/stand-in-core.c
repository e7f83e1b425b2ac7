/*
 * Stands in for vouch-core: writes the number of its words, the words and its environment, each ended by a zero byte and
 * byte for byte as they came, and ends with status 77.
 */
#include <stdio.h>
#include <string.h>

extern char **environ;

static void write_texts(char **texts) {
  for (; *texts != NULL; texts++) fwrite(*texts, 1, strlen(*texts) + 1, stdout);
}

int main(int argc, char **argv) {
  printf("%d%c", argc, 0);
  write_texts(argv);
  write_texts(environ);
  fflush(stdout);
  return 77;
}
