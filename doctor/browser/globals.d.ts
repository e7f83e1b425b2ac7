/** Node has a process, a browser has none. */
declare var process: { readonly platform: string } | undefined;

/** The part of it that the page has a stand-in for. */
declare module "node:crypto" {
  export { hash } from "./crypto.ts";
}
