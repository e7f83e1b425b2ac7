import type { EffectiveContext } from "./effective-context.ts";
import { isLeftOut } from "./left-out.ts";

/** The cluster entry in force, as far as it can be read. */
export interface KubeconfigCluster {
  readonly server: string;
  /** Host and port of `server`, in lower case. */
  readonly host: string;
  readonly port: number;
  /** Whether `server` is `http://…`. */
  readonly isPlainHttp: boolean;
  readonly caData: string | undefined;
  /** Whether the CA data is only a placeholder of kubectl or a user. */
  readonly isCaLeftOut: boolean;
  /** Whether the CA is in a file, whose content is never in a bundle. */
  readonly hasCaFile: boolean;
  readonly tlsServerName: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly skipsVerification: boolean;
}

/** Reads the cluster entry of a context; undefined if it is missing or its `server` is no URL. */
export function kubeconfigCluster(context: EffectiveContext | undefined): KubeconfigCluster | undefined {
  const body = context?.cluster?.body;
  const server = text(body?.["server"]);
  const address = addressOf(server);
  if (body === undefined || server === undefined || address === undefined) return undefined;
  const caData = text(body["certificate-authority-data"]);
  return {
    server,
    ...address,
    isPlainHttp: new URL(server).protocol === "http:",
    caData,
    isCaLeftOut: isLeftOut(caData),
    hasCaFile: text(body["certificate-authority"]) !== undefined,
    tlsServerName: text(body["tls-server-name"]),
    proxyUrl: text(body["proxy-url"]),
    skipsVerification: body["insecure-skip-tls-verify"] === true,
  };
}

/** Host and port of a URL; an IPv6 address is without its brackets. */
export function addressOf(
  url: string | undefined,
): { readonly host: string; readonly port: number } | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === "http:" ? 80 : 443;
  return { host: hostname.toLowerCase().replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
