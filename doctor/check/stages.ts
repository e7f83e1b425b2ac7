/** The link of the chain that is broken, in the order of the chain: a broken link hides all behind it. */
export const STAGES = [
  "kubeconfig",
  "plugin",
  "credentials",
  "trust",
  "token",
  "network",
  "mode",
  "mapping",
  "authorization",
  "client",
] as const;
export type Stage = (typeof STAGES)[number];
