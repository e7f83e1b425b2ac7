/** The links of the chain, in order: a broken link hides all that follow. */
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
