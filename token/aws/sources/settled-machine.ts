import path from "node:path";
import { unsetVariables } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { isAddress } from "../../endpoints/endpoints.ts";
import { type Env, envValue } from "../../env.ts";
import { VouchError } from "../../errors/errors.ts";
import { isLoopbackHost } from "../../net/web-address.ts";
import type { RecordedContainer } from "./opened-source.ts";
import { hintAtOrigin, originOf } from "./plan-errors.ts";
import { type CredentialsPlan, stepOf } from "./plan-kinds.ts";
import type { SharedProfile } from "./shared-files.ts";

const METADATA_IPV6 = "http://[fd00:ec2::254]";

/**
 * What setup records of a container when a user names it: an address other than the well-known ones, and the token file,
 * unless it is EKS's own. Undefined if there is nothing to record. Throws `config-invalid` for an address that would expose
 * secrets on the way.
 */
export function settledContainer(plan: CredentialsPlan, env: Env): RecordedContainer | undefined {
  const container = stepOf(plan, "container");
  if (container === undefined || "relative" in container.uri) return undefined;
  const uri = container.uri.full;
  const file = envValue(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isKnown = url !== undefined && isContainerAddress(url);
  if (isKnown && (file === undefined || isPodIdentity(url, path.resolve(file)))) return undefined;
  if (!isKnown && !isAddress(uri))
    throw unusable(
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      uri,
      "credentials must come over https or from this machine",
    );
  return { uri, tokenFile: file === undefined ? undefined : path.resolve(file) };
}

/**
 * Where a profile that names instance metadata asks for them, if not at the usual address: as the variables say, else the
 * profile. Throws `config-invalid` for an address where there can be none.
 *
 * Source: AWS SDKs and Tools reference guide, "IMDS credential provider".
 */
export function settledMetadata(plan: CredentialsPlan, profile: SharedProfile, env: Env): string | undefined {
  if (stepOf(plan, "instance-metadata") === undefined) return undefined;
  const variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
  const setting = profile.settings.get("ec2_metadata_service_endpoint");
  const address = envValue(env, variable) ?? setting?.value;
  if (address) {
    if (isMetadataAddress(address)) return new URL(address).href;
    const rule = "instance metadata must be at 169.254.169.254, fd00:ec2::254 or on this machine";
    if (envValue(env, variable) !== undefined || setting === undefined)
      throw unusable(variable, address, rule);
    throw new VouchError(
      "config-invalid",
      `ec2_metadata_service_endpoint is ${JSON.stringify(address)}; ${rule}.`,
      {
        hint: hintAtOrigin(originOf(profile, setting)),
      },
    );
  }
  const mode =
    envValue(env, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ??
    profile.settings.get("ec2_metadata_service_endpoint_mode")?.value;
  return mode?.toLowerCase() === "ipv6" ? METADATA_IPV6 : undefined;
}

function unusable(name: string, value: string, rule: string): VouchError {
  return new VouchError("config-invalid", `${name} is ${JSON.stringify(value)}; ${rule}.`, {
    hint: withCommands`Correct it or run ${unsetVariables(name)}, then try again.`,
  });
}

/**
 * The addresses of the agents of ECS and EKS. Source: EKS User Guide, "EKS Pod Identity"; AWS ECS Developer Guide, "Task IAM
 * role".
 */
const CONTAINER_HOSTS: ReadonlySet<string> = new Set(["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]);

/** Where EKS's agent listens, at the port of http, and where the webhook mounts the tokens for it. */
const POD_IDENTITY_HOSTS: ReadonlySet<string> = new Set(["169.254.170.23", "[fd00:ec2::23]"]);
const POD_IDENTITY_FOLDER = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/";

/** The addresses of instance metadata. Source: AWS EC2 User Guide, "Access instance metadata". */
const METADATA_HOSTS: ReadonlySet<string> = new Set(["169.254.169.254", "[fd00:ec2::254]"]);

/** Whether plain http to the address stays on the machine's own link: such an address is never routed. */
export function isLinkLocal({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && (CONTAINER_HOSTS.has(hostname) || METADATA_HOSTS.has(hostname));
}

/** Whether a container may get its credentials at this address without a user having recorded it at setup. */
export function isContainerAddress(url: URL): boolean {
  const isHttp = url.protocol === "http:" || url.protocol === "https:";
  return isContainerAgent(url) || (isHttp && isLoopbackHost(url.hostname) && !hasUser(url));
}

function isContainerAgent(url: URL): boolean {
  return isLinkLocal(url) && CONTAINER_HOSTS.has(url.hostname) && !hasUser(url);
}

/**
 * Whether it is EKS's agent and the token file that EKS mounts for it: the only file that goes anywhere without a record of
 * setup. Where there is no agent, anyone on the link can take its address. Source: amazon-eks-pod-identity-webhook, README.
 */
export function isPodIdentity(url: URL, tokenFile: string): boolean {
  return (
    isContainerAgent(url) && POD_IDENTITY_HOSTS.has(url.host) && tokenFile.startsWith(POD_IDENTITY_FOLDER)
  );
}

/** `http://name:password@host/` makes an address look like another. */
function hasUser({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

/** Whether instance metadata may be requested there: at AWS's two addresses, or on this machine. */
export function isMetadataAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === "http:" && (METADATA_HOSTS.has(url.hostname) || isLoopbackHost(url.hostname));
}
