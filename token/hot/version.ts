/** Inserted by the bundler (krew/bundle.ts); absent when the sources run directly. */
declare const KUBECTL_VOUCH_VERSION: string | undefined;

/** Our version, as in package.json. Part of every cache key, so that no version reads answers of an older one. */
export const VERSION = typeof KUBECTL_VOUCH_VERSION === "string" ? KUBECTL_VOUCH_VERSION : "0.0.0-source";
