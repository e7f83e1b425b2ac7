import type { Platform } from "../platforms.ts";

/** What a binary is supposed to be. A launcher is small and ours, as is the helper for Windows; the core is a Node single executable. */
export interface Made {
  readonly arch: Platform["arch"];
  readonly kind: "launcher" | "core";
}
