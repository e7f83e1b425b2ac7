import assert from "node:assert/strict";
import { VouchError } from "../../../token/errors/errors.ts";
import { networkError } from "../../../token/net/network-error.ts";

describe("networkError", () => {
  const failure = (code: string, message = "canary") => Object.assign(new Error(message), { code });

  const sentences: Readonly<Record<string, string>> = {
    EAI_AGAIN: "vouch.test cannot be looked up: the DNS server did not answer.",
    ECONNREFUSED: "vouch.test cannot be reached: connection refused.",
    ECONNRESET: "vouch.test closed the connection before it answered.",
    EHOSTUNREACH: "vouch.test cannot be reached from this network.",
    ENETUNREACH: "vouch.test cannot be reached from this network.",
    ENOTFOUND: "vouch.test cannot be reached: no such host.",
    EPIPE: "vouch.test closed the connection before it answered.",
    ETIMEDOUT: "vouch.test did not answer: the connection timed out.",
  };
  for (const [code, message] of Object.entries(sentences)) {
    it(`says of ${code}: ${message}`, () => {
      const { code: ours, message: said } = networkError(failure(code), "vouch.test");
      assert.deepEqual({ ours, said }, { ours: "server-unreachable", said: message });
    });
  }

  // The codes are those of Node's documentation, TLS, "X509 certificate error codes", and of tls.checkServerIdentity.
  for (const code of [
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "CERT_SIGNATURE_FAILURE",
    "CERT_REVOKED",
    "CERT_UNTRUSTED",
    "CERT_REJECTED",
    "INVALID_CA",
    "INVALID_PURPOSE",
    "PATH_LENGTH_EXCEEDED",
    "HOSTNAME_MISMATCH",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ]) {
    it(`takes ${code} for a certificate that is not trusted`, () => {
      const { code: ours, message } = networkError(failure(code, "the\nreason"), "vouch.test");
      assert.deepEqual(
        { ours, message },
        { ours: "server-untrusted", message: "The certificate of vouch.test was not accepted: the reason." },
      );
    });
  }

  it("drops the bytes that Node attaches to an answer it cannot parse", () => {
    const raw = Object.assign(failure("HPE_INVALID_CONSTANT"), { rawPacket: Buffer.from("CANARY") });
    const error = networkError(raw, "vouch.test");
    assert.equal(error.code, "server-answer-invalid");
    assert.equal(error.message, "vouch.test returned a response that is not HTTP (HPE_INVALID_CONSTANT).");
    assert.equal(error.cause, undefined);
  });

  it("uses OpenSSL's short reason", () => {
    // What Node 22.23 gives when an https request meets a plain http server.
    const words =
      "write EPROTO C03C0C7E4B7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:77:";
    const error = networkError(failure("EPROTO", words), "vouch.test");
    assert.equal(error.message, "vouch.test cannot be reached: wrong version number.");
  });

  it("names the code when there are no words, as with several addresses tried at once", () => {
    const error = networkError(Object.assign(new AggregateError([], ""), { code: "EFAULT" }), "vouch.test");
    assert.equal(error.message, "vouch.test cannot be reached: EFAULT.");
  });

  it("passes on what is an explained error already", () => {
    const error = new VouchError("interrupted", "stop");
    assert.equal(networkError(error, "vouch.test"), error);
  });
});
