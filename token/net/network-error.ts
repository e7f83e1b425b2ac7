import { codeOf, reasonOf, VouchError } from "../errors/errors.ts";

/** Node's codes for a certificate that was not accepted. Source: Node, TLS, "X509 certificate error codes". */
export const CERTIFICATE_CODES =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT_|ERROR_IN_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|SELF_SIGNED_|UNABLE_TO_)/;

/** Messages for common codes, to follow `host`. */
const SENTENCES: Readonly<Record<string, string>> = {
  EAI_AGAIN: "cannot be looked up: the DNS server did not answer",
  ECONNREFUSED: "cannot be reached: connection refused",
  ECONNRESET: "closed the connection before it answered",
  EHOSTUNREACH: "cannot be reached from this network",
  ENETUNREACH: "cannot be reached from this network",
  ENOTFOUND: "cannot be reached: no such host",
  EPIPE: "closed the connection before it answered",
  ETIMEDOUT: "did not answer: the connection timed out",
};

/**
 * An error on the way to `host`, in a form to show. It contains neither URL nor body; the answer's bytes, which Node attaches to
 * a parse error, are dropped with its cause.
 */
export function networkError(error: unknown, host: string): VouchError {
  if (error instanceof VouchError) return error;

  const code = codeOf(error);
  if (CERTIFICATE_CODES.test(code)) {
    return new VouchError(
      "server-untrusted",
      `The certificate of ${host} was not accepted: ${reasonOf(error)}.`,
      {
        cause: error,
      },
    );
  }
  if (code.startsWith("HPE_")) {
    return new VouchError("server-answer-invalid", `${host} returned a response that is not HTTP (${code}).`);
  }

  const sentence = SENTENCES[code] ?? `cannot be reached: ${reasonOf(error) || code || "no reason stated"}`;
  return new VouchError("server-unreachable", `${host} ${sentence}.`, { cause: error });
}
