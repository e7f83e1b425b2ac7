import { type EndpointKey, type Endpoints, isAddressFor, isBearerKey } from "../../endpoints/endpoints.ts";
import { type EndpointWishes, namedEndpoints } from "../../endpoints/named-endpoints.ts";
import { flagVariable } from "../../hot/flag-variable.ts";
import type { SharedFiles, SharedProfile, SharedSetting } from "./shared-files.ts";

/**
 * The names of services in a `[services …]` section. Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
 */
const SERVICES = [
  ["stsEndpoint", "sts"],
  ["eksEndpoint", "eks"],
  ["iamEndpoint", "iam"],
  ["ssoEndpoint", "sso"],
  ["ssoOidcEndpoint", "sso_oidc"],
  ["signinEndpoint", "signin"],
] as const satisfies readonly (readonly [EndpointKey, string])[];

/**
 * The hosts and authorities that apply to a profile, for setup and login to record: as the variables say, else the profile, else
 * the settings. Absolute, and suitable for what is sent there; throws `config-invalid` for one that is not, and
 * `server-untrusted` or `file-unreadable` for a bundle that cannot be used.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Shared files".
 */
export function endpointsOfProfile(
  profile: SharedProfile,
  files: Pick<SharedFiles, "services">,
  { env, config, fileOf }: EndpointWishes,
): Endpoints {
  const said = settingsOf(profile, files);
  const values = Object.fromEntries([...said].map(([key, { value }]) => [key, value]));
  return namedEndpoints({
    env,
    config: { ...config, ...values },
    fileOf: (key) => said.get(key)?.file ?? fileOf(key),
  });
}

function settingsOf(
  profile: SharedProfile,
  { services }: Pick<SharedFiles, "services">,
): ReadonlyMap<EndpointKey, Pick<SharedSetting, "value" | "file">> {
  const { settings } = profile;
  const said = new Map<EndpointKey, Pick<SharedSetting, "value" | "file">>();
  const bundle = settings.get("ca_bundle");
  if (bundle?.value) said.set("awsCaBundle", bundle);
  if (flagVariable(settings.get("ignore_configured_endpoint_urls")?.value) === true) return said;
  const section = services.get(settings.get("services")?.value ?? "");
  const common = settings.get("endpoint_url");
  for (const [key, service] of SERVICES) {
    const own = section?.settings.get(service);
    const value = own?.nested["endpoint_url"];
    if (own !== undefined && value) said.set(key, { value, file: own.file });
    else if (common?.value && isFit(key, common.value)) said.set(key, common);
  }
  return said;
}

/** The one address for all of AWS is not used for the services that get bearer tokens, unless it is fit for them. */
function isFit(key: EndpointKey, address: string): boolean {
  return !isBearerKey(key) || isAddressFor(key, address);
}
