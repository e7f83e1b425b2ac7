/*
 * libfido2 as client of the key at the end of a UNIX socket:
 *
 *   client SOCKET [PIN]
 *
 * Without PIN the person has a finger. A new PIN where the key has none, registrations of two users, logins, and two
 * that must fail. Each line is a step, a tab and what libfido2 made of it: FIDO_ERR_SUCCESS, the name of another error,
 * or a value. Nothing after a step that failed unforeseen.
 */
#include <fido/es256.h>
#include <stdbool.h>
#include <stdio.h>
#include "socket-io.h"

static const char RP_ID[] = "vouch.example";

static bool step(const char *name, int error) {
  printf("%s\t%s\n", name, fido_strerr(error));
  return error == FIDO_OK;
}

static void retries(fido_dev_t *key, const char *name) {
  int left = -1;
  if (step(name, fido_dev_get_retry_count(key, &left))) printf("left\t%d\n", left);
}

static fido_assert_t *new_assertion(const char *rp_id) {
  const unsigned char hash[32] = {2};
  fido_assert_t *assertion = fido_assert_new();
  fido_assert_set_clientdata_hash(assertion, hash, sizeof hash);
  fido_assert_set_rp(assertion, rp_id);
  return assertion;
}

static bool registers(fido_dev_t *key, const char *pin, const char *user, fido_cred_t *credential) {
  const unsigned char hash[32] = {1};
  fido_cred_set_type(credential, COSE_ES256);
  fido_cred_set_clientdata_hash(credential, hash, sizeof hash);
  fido_cred_set_rp(credential, RP_ID, "Vouch");
  fido_cred_set_user(credential, (const unsigned char *)user, strlen(user), user, user, NULL);
  fido_cred_set_rk(credential, FIDO_OPT_TRUE);
  if (pin == NULL) fido_cred_set_uv(credential, FIDO_OPT_TRUE);
  if (!step("make credential", fido_dev_make_cred(key, credential, pin))) return false;
  printf("format\t%s\nflags\t%d\n", fido_cred_fmt(credential), fido_cred_flags(credential));
  fido_cred_set_uv(credential, FIDO_OPT_TRUE);
  return step("verify self attestation", fido_cred_verify_self(credential));
}

/* Keys tell names only where there is a choice. */
static void user(const fido_assert_t *assertion, size_t at) {
  const char *name = fido_assert_user_name(assertion, at);
  int length = (int)fido_assert_user_id_len(assertion, at);
  printf("user\t%.*s %s\n", length, (const char *)fido_assert_user_id_ptr(assertion, at), name ? name : "-");
}

/* With the credential named, or without. */
static bool logs_in(fido_dev_t *key, const char *pin, const fido_cred_t *credential, bool named) {
  es256_pk_t *public_key = es256_pk_new();
  fido_assert_t *assertion = new_assertion(RP_ID);
  if (named) fido_assert_allow_cred(assertion, fido_cred_id_ptr(credential), fido_cred_id_len(credential));
  if (pin == NULL) fido_assert_set_uv(assertion, FIDO_OPT_TRUE);
  bool done = step(named ? "get named assertion" : "get assertion", fido_dev_get_assert(key, assertion, pin));
  if (done) {
    for (size_t at = 0; at < fido_assert_count(assertion); at += 1) user(assertion, at);
    fido_assert_set_up(assertion, FIDO_OPT_TRUE);
    fido_assert_set_uv(assertion, FIDO_OPT_TRUE);
    es256_pk_from_ptr(public_key, fido_cred_pubkey_ptr(credential), fido_cred_pubkey_len(credential));
    done = step("verify assertion", fido_assert_verify(assertion, 0, COSE_ES256, public_key));
  }
  fido_assert_free(&assertion);
  es256_pk_free(&public_key);
  return done;
}

static void fails(fido_dev_t *key, const char *name, const char *rp_id, const char *pin) {
  fido_assert_t *assertion = new_assertion(rp_id);
  step(name, fido_dev_get_assert(key, assertion, pin));
  fido_assert_free(&assertion);
}

static void ceremonies(fido_dev_t *key, const char *pin) {
  fido_cred_t *ada = fido_cred_new(), *bob = fido_cred_new();
  if (registers(key, pin, "ada", ada) && logs_in(key, pin, ada, true) && logs_in(key, pin, ada, false) &&
      registers(key, pin, "bob", bob) && logs_in(key, pin, bob, false)) {
    fails(key, "unknown relying party", "nobody.example", pin);
    fails(key, "wrong PIN", RP_ID, "0000");
    retries(key, "PIN retries after it");
  }
  fido_cred_free(&ada);
  fido_cred_free(&bob);
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) return 64;
  const char *pin = argv[2];
  fido_init(0);
  fido_dev_t *key = fido_dev_new();
  fido_dev_set_io_functions(key, &SOCKET_IO);

  if (step("open", fido_dev_open(key, argv[1]))) {
    printf("fido2\t%d\n", fido_dev_is_fido2(key));
    if (fido_dev_is_fido2(key)) {
      if (fido_dev_has_pin(key)) retries(key, "PIN retries");
      else step("set PIN", fido_dev_set_pin(key, pin, NULL));
      ceremonies(key, pin);
    }
  }
  fido_dev_close(key);
  fido_dev_free(&key);
  return 0;
}
