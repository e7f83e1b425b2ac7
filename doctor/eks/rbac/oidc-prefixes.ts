import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";

/** An OIDC provider of the cluster, as in `aws eks describe-identity-provider-config`. */
export interface OidcProvider {
  readonly name: string;
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly usernameClaim: string;
  readonly usernamePrefix: string | undefined;
  readonly groupsPrefix: string | undefined;
  /** `CREATING`, `DELETING`, `ACTIVE` */
  readonly status: string;
}

/** The cluster's OIDC providers; undefined if they could not be listed. */
export function oidcProviders({
  identityProviders,
}: Pick<DoctorEvidence, "identityProviders">): readonly OidcProvider[] | undefined {
  return knownValue(identityProviders)?.map(({ identityProviderConfig }) => {
    const inner = identityProviderConfig["oidc"];
    const oidc =
      typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
    const text = (key: string) => (typeof oidc[key] === "string" ? oidc[key] : undefined);
    return {
      name: text("identityProviderConfigName") ?? "",
      issuerUrl: text("issuerUrl") ?? "",
      clientId: text("clientId") ?? "",
      usernameClaim: text("usernameClaim") ?? "sub",
      usernamePrefix: text("usernamePrefix"),
      groupsPrefix: text("groupsPrefix"),
      status: text("status") ?? "",
    };
  });
}

/**
 * Whether names of OIDC users or groups begin with this prefix: the configured one; else, for users, the issuer and `#`, unless
 * the claim is the e-mail. A prefix that is an issuer is recognized without the providers. Source: doctor/EKS-ACCESS.md, "Other
 * ways in".
 */
export function isOidcPrefix(evidence: DoctorEvidence, kind: "User" | "Group", prefix: string): boolean {
  if (prefix === "" || prefix === "-") return false;
  if (kind === "User" && /^https:\/\/[^#]+#$/.test(prefix)) return true;
  const providers = oidcProviders(evidence) ?? [];
  if (kind === "Group") return providers.some(({ groupsPrefix }) => groupsPrefix === prefix);
  return providers.some(
    ({ usernamePrefix, usernameClaim, issuerUrl }) =>
      prefix === (usernamePrefix ?? (usernameClaim === "email" ? "" : `${issuerUrl}#`)),
  );
}

/** Whether a user with this name or one of these groups was authenticated by OIDC. */
export function isOidcUser(
  evidence: DoctorEvidence,
  {
    username = "",
    groups = [],
  }: { readonly username: string | undefined; readonly groups: readonly string[] | undefined },
): boolean {
  if (/^https:\/\/[^#]+#/.test(username)) return true;
  const has = (prefix: string) => prefix !== "" && prefix !== "-";
  return (oidcProviders(evidence) ?? []).some(
    ({ usernamePrefix = "", groupsPrefix = "" }) =>
      (has(usernamePrefix) && username.startsWith(usernamePrefix)) ||
      (has(groupsPrefix) && groups.some((group) => group.startsWith(groupsPrefix))),
  );
}
