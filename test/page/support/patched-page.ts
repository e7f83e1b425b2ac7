import { deflateRawSync, inflateRawSync } from "node:zlib";

const WORKER = /(<script type="text\/plain" id="worker">)([^<]*)(<\/script>)/;

/** The page with words behind its worker's script. The page's policy names no hash of that, so it stays as it is. */
export function withWorkerScript(html: string, script: string): string {
  const [, , packed = ""] = WORKER.exec(html) ?? [];
  const worker = inflateRawSync(Buffer.from(packed, "base64")).toString();
  const repacked = deflateRawSync(`${worker}\n${script}`).toString("base64");
  return html.replace(WORKER, (_, begin: string, _old: string, end: string) => `${begin}${repacked}${end}`);
}

/** The page as it is without its policy. */
export function withoutPolicy(html: string): string {
  return html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
}
