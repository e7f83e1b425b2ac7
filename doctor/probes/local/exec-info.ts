import { resolvedBody } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { asClientGoEncodes } from "../../../token/mint/cluster-records.ts";
import { isRecord } from "../../../token/record.ts";
import { EXEC_API } from "../../derive/kubeconfig/exec-block.ts";
import type { CalledContext } from "../called-context.ts";
import type { ProbeHost } from "../probe-host.ts";

/** Name of the cluster extension that client-go passes to plugins. */
const EXTENSION = "client.authentication.k8s.io/exec";

/**
 * KUBERNETES_EXEC_INFO as kubectl sets it for the call, but not interactive. Source: Kubernetes, client.authentication.k8s.io/v1,
 * ExecCredentialSpec; compared with kubectl 1.28 and 1.36.
 */
export function execInfo(call: CalledContext, host: ProbeHost): string {
  const { exec: block } = (call.context.user?.body ?? {}) as {
    readonly exec?: { readonly provideClusterInfo?: unknown };
  };
  const cluster = block?.provideClusterInfo === true ? clusterInfo(call, host) : undefined;
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion: call.exec?.apiVersion ?? EXEC_API.v1beta1,
    spec: { cluster, interactive: false },
  });
}

function clusterInfo({ context, cluster }: CalledContext, host: ProbeHost): object | undefined {
  if (cluster === undefined || context.cluster === undefined) return undefined;
  const body = resolvedBody("clusters", context.cluster);
  const { server, caData, tlsServerName, proxyUrl, skipsVerification } = cluster;
  const ca =
    caData === undefined ? fileInBase64(body["certificate-authority"], host) : asClientGoEncodes(caData);
  return {
    server,
    "tls-server-name": tlsServerName,
    "insecure-skip-tls-verify": skipsVerification || undefined,
    "certificate-authority-data": ca,
    "proxy-url": proxyUrl,
    "disable-compression": body["disable-compression"] === true || undefined,
    config: settingsForPlugin(body["extensions"]),
  };
}

function fileInBase64(file: unknown, host: ProbeHost): string | undefined {
  const text = typeof file === "string" ? host.readText(file) : undefined;
  return text === undefined ? undefined : Buffer.from(text).toString("base64");
}

function settingsForPlugin(extensions: unknown): unknown {
  const found = Array.isArray(extensions)
    ? extensions.find((item: unknown) => isRecord(item) && item["name"] === EXTENSION)
    : undefined;
  return found?.extension ?? null;
}
