/*
 * What libfido2 reads from the key at the end of a UNIX socket, as one JSON object:
 *
 *   read SOCKET RP_ID
 */
#include <stdbool.h>
#include <stdio.h>
#include "socket-io.h"

static void fail_if(int error, const char *what) {
  if (error == FIDO_OK) return;
  fprintf(stderr, "%s: %s\n", what, fido_strerr(error));
  exit(1);
}

static void hex(const char *name, const unsigned char *bytes, size_t size) {
  printf(",\"%s\":\"", name);
  for (size_t at = 0; at < size; at += 1) printf("%02x", bytes[at]);
  printf("\"");
}

static void texts(const char *name, char **texts, size_t count) {
  printf(",\"%s\":[", name);
  for (size_t at = 0; at < count; at += 1) printf("%s\"%s\"", at ? "," : "", texts[at]);
  printf("]");
}

static void options(const fido_cbor_info_t *info) {
  char **names = fido_cbor_info_options_name_ptr(info);
  const bool *values = fido_cbor_info_options_value_ptr(info);
  printf(",\"options\":{");
  for (size_t at = 0; at < fido_cbor_info_options_len(info); at += 1)
    printf("%s\"%s\":%s", at ? "," : "", names[at], values[at] ? "true" : "false");
  printf("}");
}

static void protocols(const fido_cbor_info_t *info) {
  const uint8_t *numbers = fido_cbor_info_protocols_ptr(info);
  printf(",\"pinUvAuthProtocols\":[");
  for (size_t at = 0; at < fido_cbor_info_protocols_len(info); at += 1) printf("%s%d", at ? "," : "", numbers[at]);
  printf("]");
}

static void get_info(fido_dev_t *key) {
  fido_cbor_info_t *info = fido_cbor_info_new();
  fail_if(fido_dev_get_cbor_info(key, info), "getInfo");
  texts("versions", fido_cbor_info_versions_ptr(info), fido_cbor_info_versions_len(info));
  texts("extensions", fido_cbor_info_extensions_ptr(info), fido_cbor_info_extensions_len(info));
  options(info);
  protocols(info);
  printf(",\"forcePinChange\":%s", fido_cbor_info_new_pin_required(info) ? "true" : "false");
  printf(",\"maxMessageSize\":%d", (int)fido_cbor_info_maxmsgsiz(info));
  printf(",\"minPinLength\":%d", (int)fido_cbor_info_minpinlen(info));
  fido_cbor_info_free(&info);
}

static void get_assertion(fido_dev_t *key, const char *rp_id) {
  const unsigned char hash[32] = {0};
  fido_assert_t *assertion = fido_assert_new();
  fido_assert_set_clientdata_hash(assertion, hash, sizeof hash);
  fido_assert_set_rp(assertion, rp_id);
  fail_if(fido_dev_get_assert(key, assertion, NULL), "getAssertion");
  hex("credentialId", fido_assert_id_ptr(assertion, 0), fido_assert_id_len(assertion, 0));
  /* It keeps them as the CBOR byte string that they came in. */
  hex("authenticatorData", fido_assert_authdata_ptr(assertion, 0) + 2, fido_assert_authdata_len(assertion, 0) - 2);
  hex("signature", fido_assert_sig_ptr(assertion, 0), fido_assert_sig_len(assertion, 0));
  hex("userHandle", fido_assert_user_id_ptr(assertion, 0), fido_assert_user_id_len(assertion, 0));
  printf(",\"count\":%zu", fido_assert_count(assertion));
  fido_assert_free(&assertion);
}

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  int retries = 0;
  fido_init(0);
  fido_dev_t *key = fido_dev_new();
  fail_if(fido_dev_set_io_functions(key, &SOCKET_IO), "I/O functions");
  fail_if(fido_dev_open(key, argv[1]), "INIT");
  printf("{\"speaksCbor\":%s", fido_dev_is_fido2(key) ? "true" : "false");
  get_info(key);
  fail_if(fido_dev_get_retry_count(key, &retries), "PIN retries");
  printf(",\"pinRetries\":%d", retries);
  get_assertion(key, argv[2]);
  printf("}\n");
  fido_dev_close(key);
  fido_dev_free(&key);
  return 0;
}
