import path from "node:path";
import { type Endpoints, endpointVariables, isBundleKey, USUAL } from "../../token/endpoints/endpoints.ts";
import { readEndpoints } from "../../token/endpoints/named-endpoints.ts";
import type { Env } from "../../token/env.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { resolvedBody } from "../../token/kubeconfig/kubeconfig-files.ts";
import { isVouchBlock } from "../derive/identity/credential-source.ts";
import {
  type EffectiveContext,
  effectiveContext,
  readKubeconfigEvidence,
} from "../derive/kubeconfig/effective-context.ts";
import { type ExecBlock, execBlock } from "../derive/kubeconfig/exec-block.ts";
import { type KubeconfigCluster, kubeconfigCluster } from "../derive/kubeconfig/kubeconfig-cluster.ts";
import { type TargetCluster, targetCluster } from "../derive/target/target-cluster.ts";
import { type DoctorEvidence, type Kubeconfig, knownValue } from "../evidence/evidence.ts";
import type { ProbeHost } from "./probe-host.ts";

/** The context that the client calls, read from the kubeconfig with its secrets: probes use it, and no bundle contains it. */
export interface CalledContext {
  readonly context: EffectiveContext;
  readonly cluster: KubeconfigCluster | undefined;
  readonly exec: ExecBlock | undefined;
  /** `exec.command`, made absolute if it is a path relative to its kubeconfig. */
  readonly command: string | undefined;
  readonly target: TargetCluster;
  /** Account that a context of ours names. */
  readonly account: string | undefined;
  /** The user's entry, with absolute paths. */
  readonly user: KubeRecord;
  /** The plugin's environment. */
  readonly env: Env;
  /** Whether its plugin is this program. */
  readonly isOurs: boolean;
  /** Whether its credentials come from this program's Vouch session, not from an AWS profile or the caller's environment. */
  readonly isVouch: boolean;
}

/** By the bundle's part that names the files: each gathering has its own part, and reads the files once. */
const READ = new WeakMap<object, Omit<CalledContext, "target"> | undefined>();

/** Reads the kubeconfig files of the bundle again, now with their secrets. Undefined if no context is in force. */
export function readCalledContext(evidence: DoctorEvidence, host: ProbeHost): CalledContext | undefined {
  const part = knownValue(evidence.kubeconfig);
  if (part === undefined) return undefined;
  if (!READ.has(part)) READ.set(part, readFiles(evidence, part, host));
  const call = READ.get(part);
  if (call === undefined) return undefined;
  const { context, exec } = call;
  return { ...call, target: targetCluster({ evidence, context, exec }) };
}

function readFiles(
  evidence: DoctorEvidence,
  { files: listed }: Kubeconfig,
  host: ProbeHost,
): Omit<CalledContext, "target"> | undefined {
  const files = listed.flatMap(({ path }) => {
    const text = host.readText(path);
    return text === undefined ? [] : [{ path, text }];
  });
  const raw: DoctorEvidence = { ...evidence, kubeconfig: { files } };
  const context = effectiveContext(raw, readKubeconfigEvidence(raw));
  if (context === undefined) return undefined;
  const exec = execBlock(context, () => host.env);
  const user = context.user === undefined ? {} : resolvedBody("users", context.user);
  const source = vouchStanza(user)?.source;
  const { command } = (user["exec"] ?? {}) as { readonly command?: unknown };
  return {
    context,
    cluster: kubeconfigCluster(context),
    exec,
    command: typeof command === "string" ? command : undefined,
    account: source?.kind === "vouch" ? source.account : undefined,
    user,
    env: { ...host.env, ...exec?.env },
    isOurs: exec?.tool === "kubectl-vouch",
    isVouch: exec?.tool === "kubectl-vouch" && isVouchBlock(exec),
  };
}

/**
 * The addresses of AWS and Vouch for a call, and the CAs to trust: for a context of ours as recorded in its session or profile;
 * for others as in the user's own environment. Never as in the exec block's env: a kubeconfig must not choose who receives what
 * the doctor sends.
 */
export async function endpointsOf(call: CalledContext | undefined, host: ProbeHost): Promise<Endpoints> {
  if (call === undefined || !call.isOurs) return ofEnvironment(host);
  if (!call.isVouch) return host.sources.endpoints(call.exec?.profile, call.env);
  return host.vouch.endpoints(call.exec?.server, call.account).catch(() => USUAL);
}

function ofEnvironment({ env }: ProbeHost): Endpoints {
  return readEndpoints(
    Object.fromEntries(
      endpointVariables(env).map(({ key, value }) => [key, isBundleKey(key) ? path.resolve(value) : value]),
    ),
  );
}
