#include <stdbool.h>
#include <windows.h>

typedef struct {
  DWORD size;
  BYTE *bytes;
} Bytes;

enum Field { RP_ID, RP_NAME, USER_ID, USER_NAME, CLIENT_DATA, TIMEOUT, FIELDS };

/* Ids of credentials that the security key must not contain. */
enum { MAX_EXCLUDED = 64 };

typedef struct {
  bool is_creation;
  Bytes fields[FIELDS];
  /* The fields that are text, as Windows has it. */
  WCHAR *texts[FIELDS];
  DWORD timeout_ms;
  DWORD excluded_count;
  Bytes excluded[MAX_EXCLUDED];
} Request;

/* Reads and checks the one request on standard input. Every field that its act requires is present. */
bool read_request(Request *request);

/* Adds a line to the answer. */
void put(const char *name, const BYTE *bytes, DWORD size);
void put_error(HRESULT code, const char *name);

/* Writes to standard output what was added so far; ends the answer. */
void flush(void);
void end_answer(void);

/* Ends at once: no library is asked to clean up while its threads are being ended, and nothing waits for standard input. */
_Noreturn void leave(UINT status);
