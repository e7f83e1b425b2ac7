/* Reports over a UNIX socket, 64 bytes both ways, for fido_dev_set_io_functions: a key's path is that of its socket. */
#include <fido.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { REPORT = 64 };

static void *open_socket(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int *handle = malloc(sizeof *handle);
  if (handle == NULL || strlen(path) >= sizeof address.sun_path) return NULL;
  strcpy(address.sun_path, path);
  *handle = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(*handle, (struct sockaddr *)&address, sizeof address) != 0) return NULL;
  return handle;
}

static void close_socket(void *handle) {
  close(*(int *)handle);
  free(handle);
}

static int read_report(void *handle, unsigned char *report, size_t size, int timeout_ms) {
  struct pollfd ready = {.fd = *(int *)handle, .events = POLLIN};
  for (size_t got = 0; got < size;) {
    if (poll(&ready, 1, timeout_ms) != 1) return -1;
    ssize_t more = read(ready.fd, report + got, size - got);
    if (more <= 0) return -1;
    got += (size_t)more;
  }
  return (int)size;
}

/* libfido2 puts the report id in front, which FIDO does not have: 0. */
static int write_report(void *handle, const unsigned char *report, size_t size) {
  if (size != REPORT + 1 || report[0] != 0) return -1;
  return write(*(int *)handle, report + 1, REPORT) == REPORT ? (int)size : -1;
}

static const fido_dev_io_t SOCKET_IO = {open_socket, close_socket, read_report, write_report};
