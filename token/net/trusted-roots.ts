import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { withCommands } from "../command/sentence.ts";
import { listFiles } from "../command/tasks.ts";
import { unlessThrown, VouchError } from "../errors/errors.ts";
import { UnreadableFile } from "../files/file-errors.ts";
import { type PlainFile, readPlainFile } from "../files/plain-file.ts";

/**
 * The CAs that may vouch for a server: the roots built into the program, and those of a PEM file. The list is given in
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

/** A TLS context that trusts these CAs and no others; passed as `secureContext`, it leaves nothing to a default. */
export function trusting(authorities: readonly string[], client?: ClientCertificate): SecureContext {
  if (client !== undefined) return createSecureContext({ ca: [...authorities], ...client });
  const key = authorities.join("\n");
  const context = CONTEXTS.get(key) ?? createSecureContext({ ca: [...authorities] });
  if (CONTEXTS.size >= MAX_CONTEXTS) CONTEXTS.clear();
  CONTEXTS.set(key, context);
  return context;
}

/** The largest bundle, in bytes; all public CAs together take a quarter of a megabyte. */
const MAX_BUNDLE_BYTES = 4 * 1024 * 1024;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file. Throws `config-invalid`. */
export function caBundle(file: string): string[] {
  const certificates = pemCertificates(readBundle(file));
  if (certificates.length === 0) throw bundleError(file, "it does not contain a PEM certificate");
  if (!certificates.every(isCertificate))
    throw bundleError(file, "it contains a certificate that cannot be read");
  return certificates;
}

/** The blocks of a text that look like certificates in PEM. */
export function pemCertificates(text: string): string[] {
  return text.match(CERTIFICATE) ?? [];
}

function readBundle(file: string): string {
  let found: PlainFile | undefined;
  try {
    found = readPlainFile(file, MAX_BUNDLE_BYTES);
  } catch (error) {
    throw error instanceof UnreadableFile ? bundleError(file, error.why, error) : error;
  }
  if (found === undefined) throw bundleError(file, "file not found");
  return found.bytes.toString("latin1");
}

/** Whether such a block can be parsed. */
export function isCertificate(pem: string): boolean {
  return unlessThrown(() => new X509Certificate(pem).subject !== undefined, false);
}

function bundleError(file: string, why: string, cause?: unknown): VouchError {
  return new VouchError("config-invalid", `Cannot use CA bundle ${file}: ${why}.`, {
    cause,
    hint: withCommands`Check it: ${listFiles(file)}. To use a different one or none, change VOUCH_CA_BUNDLE or AWS_CA_BUNDLE, then log in or run setup again.`,
  });
}
