import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Env, envValue } from "../env.ts";
import { reasonOf, VouchError } from "../errors.ts";

/** The variables that name a PEM file: one for the Vouch server, one for AWS. */
export type CaVariable = "VOUCH_CA_BUNDLE" | "AWS_CA_BUNDLE";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of the PEM file that the variable names; they replace the roots built in. Undefined when the
 * variable is unset. A file that is missing or holds something else is an error, never a silent fall-back.
 */
export function caBundle(env: Env, variable: CaVariable): string[] | undefined {
  const path = envValue(env, variable);
  if (path === undefined) return undefined;

  const certificates = readBundle(variable, path).match(CERTIFICATE);
  if (certificates === null) throw bundleError(variable, `${path}, which holds no PEM certificate.`);
  if (!certificates.every(isCertificate)) {
    throw bundleError(variable, `${path}, which holds a certificate that cannot be read.`);
  }
  return [...certificates];
}

function readBundle(variable: CaVariable, path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    throw bundleError(variable, `${path}, which cannot be read: ${reasonOf(error)}.`, error);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function bundleError(variable: CaVariable, rest: string, cause?: unknown): VouchError {
  return new VouchError("config-invalid", `${variable} names ${rest}`, {
    cause,
    hint: `Name a readable PEM file in ${variable}, or use the built-in roots: \`unset ${variable}\`.`,
  });
}
