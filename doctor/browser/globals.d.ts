/** Node has a process, a browser has none. */
declare var process:
  | { readonly platform: string; readonly env: Readonly<Record<string, string | undefined>> }
  | undefined;

/** The part of it that the page has a stand-in for. */
declare module "node:crypto" {
  export { hash } from "./crypto.ts";
}
