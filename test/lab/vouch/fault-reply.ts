import { occurs, type VouchFaults } from "./faults.ts";
import { emptyReply, jsonReply, type Reply, textReply } from "./reply.ts";

const HTML = { "Content-Type": "text/html; charset=utf-8" };

/** The answer that a fault gives in place of the server; undefined when the server may answer. */
export function faultReply(path: string, faults: VouchFaults): Reply | undefined {
  if (faults.captivePortal)
    return textReply(200, "<html><body>Sign in to the guest network</body></html>", HTML);
  const { redirect } = faults;
  if (redirect !== undefined) return emptyReply(redirect.status ?? 307, { Location: redirect.location });

  const { rateLimit } = faults;
  if (rateLimit !== undefined && occurs(rateLimit, path)) {
    const { retryAfter } = rateLimit;
    return textReply(
      429,
      "Too Many Requests",
      retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) },
    );
  }
  const { failure } = faults;
  return failure !== undefined && occurs(failure, path) ? failureReply(failure.status, path) : undefined;
}

function failureReply(status: number, path: string): Reply {
  if (status !== 500) return textReply(status, `<html><body><h1>${status}</h1></body></html>`, HTML);
  const message = "Internal server error";
  return path.startsWith("/v1/")
    ? jsonReply(500, { code: "server_error", message })
    : jsonReply(500, { error: "server_error", error_description: message });
}
