/**
 * Variables that make a program load or run something else, trust somebody else, or write where somebody else reads:
 * the launcher keeps those that begin so from the core. Source: krew/PACKAGING.md, "Hostile environment".
 */
export const CODE_INJECTION_PREFIXES: readonly string[] = ["NODE_", "OPENSSL_", "LD_", "DYLD_", "UV_"];

/** The same, by their whole names. */
export const CODE_INJECTION_VARIABLES: readonly string[] = [
  "SSLKEYLOGFILE",
  "GLIBC_TUNABLES",
  "GCONV_PATH",
  "ICU_DATA",
  "WATCH_REPORT_DEPENDENCIES",
];

/** What the launcher puts before the name of a variable that it kept from the core. */
export const DROPPED_PREFIX = "KUBECTL_VOUCH_DROPPED_";
