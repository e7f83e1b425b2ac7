import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { ours, run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { type PlainFile, readPlainFile, UnreadableFile } from "../files/plain-file.ts";

/** The largest bundle, in bytes; all public authorities together have a quarter of a megabyte. */
const MAX_BUNDLE_BYTES = 4 * 1024 * 1024;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The authorities that may vouch for a server: the roots built into the program, and those of a PEM file. Said in full, so
 * that nothing else adds any (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, the system's store). The file is read at each use, so a
 * renewed one counts. One that is missing or holds something else is an error, never a silent fall-back.
 */
export function trustedRoots(bundle: string | undefined): string[] {
  return bundle === undefined ? [...rootCertificates] : [...rootCertificates, ...caBundle(bundle)];
}

/** Those of the last few lists; to read all the built-in roots takes longer than a connection. */
const CONTEXTS = new Map<string, SecureContext>();
const MAX_CONTEXTS = 4;

/** A TLS context that trusts these authorities and no others; as `secureContext` it leaves no word to any default. */
export function trusting(authorities: readonly string[]): SecureContext {
  const key = authorities.join("\n");
  const context = CONTEXTS.get(key) ?? createSecureContext({ ca: [...authorities] });
  if (CONTEXTS.size >= MAX_CONTEXTS) CONTEXTS.clear();
  CONTEXTS.set(key, context);
  return context;
}

/** The certificates of a PEM file. Throws `config-invalid`. */
export function caBundle(file: string): string[] {
  const certificates = readBundle(file).match(CERTIFICATE);
  if (certificates === null) throw bundleError(file, "it holds no PEM certificate");
  if (!certificates.every(isCertificate))
    throw bundleError(file, "it holds a certificate that cannot be read");
  return [...certificates];
}

function readBundle(file: string): string {
  let found: PlainFile | undefined;
  try {
    found = readPlainFile(file, MAX_BUNDLE_BYTES);
  } catch (error) {
    throw error instanceof UnreadableFile ? bundleError(file, error.why, error) : error;
  }
  if (found === undefined) throw bundleError(file, "there is no such file");
  return found.bytes.toString("latin1");
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function bundleError(file: string, why: string, cause?: unknown): VouchError {
  return new VouchError("config-invalid", `The CA bundle ${file} cannot be used: ${why}.`, {
    cause,
    hint: withCommands`Look at it: ${run("ls", "-l", {}, file)}. Another one, or none, counts from the next ${ours("login")} on: VOUCH_CA_BUNDLE and AWS_CA_BUNDLE name it there.`,
  });
}
