import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { caBundle } from "./ca-bundle.ts";

/**
 * The authorities that may vouch for a server: the roots built into the program, and those of a PEM file. The list is given in
 * full, so that nothing else can add any (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, the system's store). The file is read at each use,
 * so that a renewed one takes effect. A file that is missing or invalid is an error, never a silent fallback.
 */
export function trustedRoots(bundle: string | undefined): string[] {
  return bundle === undefined ? [...rootCertificates] : [...rootCertificates, ...caBundle(bundle)];
}

/** Contexts of the most recent lists; reading all the built-in roots takes longer than a connection. */
const CONTEXTS = new Map<string, SecureContext>();
const MAX_CONTEXTS = 4;

/** A certificate that a client shows to a server, and its private key, in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A TLS context that trusts these authorities and no others; passed as `secureContext`, it leaves nothing to a default. */
export function trusting(authorities: readonly string[], client?: ClientCertificate): SecureContext {
  if (client !== undefined) return createSecureContext({ ca: [...authorities], ...client });
  const key = authorities.join("\n");
  const context = CONTEXTS.get(key) ?? createSecureContext({ ca: [...authorities] });
  if (CONTEXTS.size >= MAX_CONTEXTS) CONTEXTS.clear();
  CONTEXTS.set(key, context);
  return context;
}
