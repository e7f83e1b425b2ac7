import type { AccessEntry } from "../../model.ts";
import type { CallerIdentity } from "./caller-identity.ts";
import type { Mapper } from "./mappers.ts";
import { Refusal } from "./refusal.ts";
import { renderTemplate } from "./username-template.ts";

/** Somebody the API server knows. */
export interface KubeUser {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
  /** The access entry that let them in: its policies count. Lost by impersonation. */
  readonly entry?: AccessEntry;
}

/** Group every authenticated user is in; the API server adds it. */
const AUTHENTICATED = "system:authenticated";

/**
 * Asks the backends in order; the first that knows the identity wins. Source: doctor/EKS-ACCESS.md,
 * "Caller to Kubernetes user".
 */
export function kubeIdentity(identity: CallerIdentity, mappers: readonly Mapper[]): KubeUser {
  const errors: string[] = [];
  for (const mapper of mappers) {
    try {
      const mapping = mapper.map(identity);
      if (mapping !== undefined) return mappedUser(identity, mapping, mapper.name);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      errors.push(`mapper ${mapper.name} Map error: ${(error as Error).message}`);
    }
    if (mapper.allowsAccount(identity.accountId)) {
      return kubeUser(identity, { username: identity.canonicalArn, groups: [] });
    }
  }
  if (errors.length === 0) throw new Refusal("identity is not mapped");
  throw new Refusal(errors.length === 1 ? (errors[0] ?? "") : `[${errors.join(", ")}]`);
}

/** A refusal here is final: the next backend is not asked. */
function mappedUser(
  identity: CallerIdentity,
  mapping: NonNullable<ReturnType<Mapper["map"]>>,
  mapper: string,
): KubeUser {
  const render = (kind: string, template: string) => {
    try {
      return renderTemplate(template, identity);
    } catch (error) {
      const reason = `error rendering ${kind} template "${template}": ${(error as Error).message}`;
      throw new Refusal(`mapper ${mapper} renderTemplates error: ${reason}`);
    }
  };
  const username = render("username", mapping.username);
  const groups = mapping.groups.map((group) => render("group", group));
  if (mapping.reservedPrefixes.some((prefix) => username.startsWith(prefix))) {
    throw new Refusal(
      `invalid username '${username}' for mapper ${mapper}: username must not begin with with the following prefixes: [${mapping.reservedPrefixes.join(" ")}]`,
    );
  }
  return kubeUser(identity, { username, groups, ...(mapping.entry && { entry: mapping.entry }) });
}

function kubeUser(
  identity: CallerIdentity,
  mapped: Pick<KubeUser, "username" | "groups" | "entry">,
): KubeUser {
  return {
    ...mapped,
    groups: mapped.groups.includes(AUTHENTICATED) ? mapped.groups : [...mapped.groups, AUTHENTICATED],
    uid: `aws-iam-authenticator:${identity.accountId}:${identity.userId}`,
    extra: {
      accessKeyId: [identity.accessKeyId],
      arn: [identity.arn],
      canonicalArn: [identity.canonicalArn],
      principalId: [identity.userId],
      sessionName: [identity.sessionName],
      "sigs.k8s.io/aws-iam-authenticator/principalId": [identity.userId],
    },
  };
}
