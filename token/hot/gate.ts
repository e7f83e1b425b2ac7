/**
 * Prefixes of variables that make a program load or run other code, trust other parties, or write where others read; the launcher
 * withholds such variables from the core. Source: krew/PACKAGING.md, "Hostile environment".
 */
export const CODE_INJECTION_PREFIXES: readonly string[] = ["NODE_", "OPENSSL_", "LD_", "DYLD_", "UV_"];

/** Variables that can inject code, by their full names. */
export const CODE_INJECTION_VARIABLES: readonly string[] = [
  "SSLKEYLOGFILE",
  "GLIBC_TUNABLES",
  "GCONV_PATH",
  "ICU_DATA",
  "WATCH_REPORT_DEPENDENCIES",
];

/** Prefix that the launcher puts before the name of a variable that it withheld from the core. */
export const DROPPED_PREFIX = "KUBECTL_VOUCH_DROPPED_";

/**
 * Name of the variable in which the launcher for Windows, which is the core's parent there, tells the core who asks. One that it is
 * given itself is removed. Its contents: `caller.ts`.
 */
export const CALLER_VARIABLE = "KUBECTL_VOUCH_CALLER";
