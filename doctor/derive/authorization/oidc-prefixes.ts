import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";

/** An OIDC provider of the cluster, as `aws eks describe-identity-provider-config` gives it. */
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

/** The cluster's OIDC providers; undefined when nobody could see them. */
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
 * What names and groups from OIDC begin with: as configured; else for names the issuer and `#`, unless the claim is the
 * e-mail. A name that itself begins with an issuer tells it too. Source: doctor/EKS-ACCESS.md, "Other ways in".
 */
export function oidcPrefixes(
  evidence: DoctorEvidence,
  username: string,
): { readonly users: readonly string[]; readonly groups: readonly string[] } {
  const providers = oidcProviders(evidence) ?? [];
  const ofName = /^https:\/\/[^#]+#/.exec(username)?.[0];
  const users = providers.map(
    ({ usernamePrefix, usernameClaim, issuerUrl }) =>
      usernamePrefix ?? (usernameClaim === "email" ? "" : `${issuerUrl}#`),
  );
  const isPrefix = (prefix: string | undefined): prefix is string =>
    prefix !== undefined && !["", "-"].includes(prefix);
  return {
    users: [...users, ofName].filter(isPrefix),
    groups: providers.map(({ groupsPrefix }) => groupsPrefix).filter(isPrefix),
  };
}
