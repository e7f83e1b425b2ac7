import { loginTokenFile, ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { type DoctorEvidence, knownValue } from "../evidence.ts";
import type { Pseudonymizer } from "./name-book.ts";

/**
 * Settings whose values determine the name of a file in AWS's cache folders. Source: doctor/AWS-CREDENTIALS.md, "Cache files".
 */
const NAMING = /^\s*(?:sso_start_url|sso_session|login_session)\s*[=:]/i;

/**
 * Adds the names of cache files to the book, which are hashes of names and could be used to verify a guessed name. Each is
 * replaced by the hash of the placeholder for the name, so that it is still the file that the copy needs. Call this once all
 * names are in the book.
 */
export function collectCacheFiles(evidence: DoctorEvidence, book: Pseudonymizer): void {
  for (const value of valuesIn(evidence))
    for (const fileOf of [ssoTokenFile, loginTokenFile])
      book.addAs(stemOf(fileOf(value)), stemOf(fileOf(book.replaced(value))));
}

function valuesIn({ awsConfig, awsCredentials, sourceFiles }: DoctorEvidence): Set<string> {
  const lines = [awsConfig, awsCredentials].flatMap((part) => knownValue(part)?.text.split("\n") ?? []);
  const settings = lines
    .filter((line) => NAMING.test(line))
    .map((line) => line.slice(line.search(/[=:]/) + 1).trim());
  return new Set([...settings, ...(knownValue(sourceFiles) ?? []).flatMap(({ startUrl }) => startUrl ?? [])]);
}

function stemOf(file: string): string {
  return file.replace(/\.json$/, "");
}
