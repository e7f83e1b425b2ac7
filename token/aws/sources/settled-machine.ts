import path from "node:path";
import { unsetVariables } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { isAddress } from "../../endpoints/endpoints.ts";
import { type Env, envValue } from "../../env.ts";
import { VouchError } from "../../errors/errors.ts";
import { isContainerAddress, isMetadataAddress, isPodIdentity } from "./machine-addresses.ts";
import type { RecordedContainer } from "./opened-source.ts";
import { hintAtOrigin } from "./plan-errors.ts";
import { type CredentialsPlan, stepOf } from "./plan-kinds.ts";
import { originOf } from "./setting.ts";
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
