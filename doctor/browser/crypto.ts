/** Stands in for node:crypto in the page, where names are hashed and nothing secret. */
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The hash of a text, as Node's `hash` returns it. */
export function hash(algorithm: "sha1" | "sha256", text: string, encoding: "hex" | "base64" = "hex"): string {
  const bytes = (algorithm === "sha1" ? sha1 : sha256)(utf8ToBytes(text));
  return encoding === "hex" ? bytesToHex(bytes) : btoa(String.fromCharCode(...bytes));
}
