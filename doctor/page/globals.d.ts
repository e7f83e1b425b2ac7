/** Where there is a process at all; a browser has none. */
declare var process: { readonly platform: string } | undefined;

/** All of it that the page has a stand-in for. */
declare module "node:crypto" {
  export { hash } from "./crypto.ts";
}
