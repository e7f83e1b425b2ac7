import type { Platform } from "../platforms.ts";

/** What a binary is supposed to be. The launcher is small and ours; the core is a Node single executable. */
export interface Made {
  readonly arch: Platform["arch"];
  readonly kind: "launcher" | "core";
}
