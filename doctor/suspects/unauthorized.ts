import { aws } from "../../token/command/aws.ts";
import { ours, run } from "../../token/command/command.ts";
import { SHOW_AWS_AUTH } from "../../token/command/kubectl.ts";
import { sentence } from "../../token/command/sentence.ts";
import { sayWorks } from "../derive/client/working-ways.ts";
import type { Facts } from "../derive/facts.ts";
import { permissionSetRole } from "../derive/identity/permission-set.ts";
import { isSamePrincipal } from "../derive/identity/principal.ts";
import { principalArn } from "../derive/identity/principal-arn.ts";
import { ENTRY_EXISTS } from "../derive/mapping/access-entry.ts";
import { describeEntry } from "../fixes/access-entry-actions.ts";
import type { SuspectedCause } from "./suspected-cause.ts";

/**
 * Possible causes of a 401 for a caller whom AWS knows, the most common first: the token is good, so the question is whom the
 * cluster lets in.
 *
 * Source: doctor/EKS-ACCESS.md, "Reports".
 */
export const UNAUTHORIZED: readonly SuspectedCause[] = [
  {
    causes: ["R9"],
    suspicion: ({ principal, exec, target }) => {
      if (principal !== undefined || exec === undefined || exec.tool !== "other") return undefined;
      return {
        hinted: true,
        summary: `Cluster ${target.cluster} refuses the token of the identity provider: its audience, issuer, a claim or its age.`,
        hints: [`The token comes from ${exec.command}, which is no AWS tool.`],
        audience: "cluster-admin",
        confirmedBy: sentence`${aws("eks list-identity-provider-configs", { "cluster-name": target.cluster, region: target.region })} shows what it expects; compare the claims of the token.`,
      };
    },
  },
  {
    causes: ["E1", "A1", "M1", "M2", "M4", "M5"],
    suspicion: (facts) => {
      const who = callerName(facts);
      if (who === undefined) return undefined;
      const { target } = facts;
      const [summary, confirmedBy] = readsEntries(facts)
        ? [
            readsAwsAuth(facts)
              ? `Neither an access entry nor a line of aws-auth lets ${who} into cluster ${target.cluster}.`
              : `No access entry lets ${who} into cluster ${target.cluster}.`,
            sentence`${describeEntry(target, who)} says that there is no such entry.`,
          ]
        : [
            `No line of aws-auth lets ${who} into cluster ${target.cluster}, which reads nothing else: it needs ${lineFor(facts)}.`,
            sentence`${SHOW_AWS_AUTH} shows no line for it.`,
          ];
      const others = facts.workingWays.filter(({ isSameIdentity }) => isSameIdentity === false);
      return {
        hinted: others.length > 0,
        summary,
        hints: [...acceptedByAws(facts), ...others.map(sayWorks)],
        audience: "cluster-admin",
        confirmedBy,
      };
    },
  },
  {
    causes: ["E4"],
    suspicion: ({ principal, target }) => {
      const role = principal && permissionSetRole(principal.name);
      if (role === undefined) return undefined;
      return {
        hinted: false,
        summary: `The entry may be for an earlier role of permission set ${role.set}: Identity Center gives it a new name whenever it is provisioned again.`,
        hints: [`The name of the role ends in ${role.hash}.`],
        audience: "cluster-admin",
        confirmedBy: sentence`${aws("eks list-access-entries", { "cluster-name": target.cluster, region: target.region })} shows AWSReservedSSO_${role.set} with another ending.`,
      };
    },
  },
  {
    causes: ["A2", "A3", "A16", "A7", "A4", "A9", "A15", "A5", "A12", "A13"],
    suspicion: (facts) => {
      const who = callerName(facts);
      if (who === undefined || !readsAwsAuth(facts)) return undefined;
      const slips =
        facts.principal?.kind === "user"
          ? "the path is missing, a key is misspelt, the YAML is broken"
          : "it names a session or a path, a key is misspelt, the YAML is broken";
      return {
        hinted: false,
        summary: `aws-auth has a line meant for ${who} that does not match: ${slips}.`,
        hints: [],
        audience: "cluster-admin",
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the line.`,
      };
    },
  },
  {
    causes: ["E3", "E12", "E10", "E6", "E13"],
    suspicion: (facts) => {
      const who = callerName(facts);
      const { principal, target } = facts;
      if (principal === undefined || who === undefined || !readsEntries(facts)) return undefined;
      const { kind, name } = principal;
      return {
        hinted: isSaidToExist(facts, who),
        summary: `There is an access entry for ${who} that has no effect: it was created for an earlier ${kind} ${name}, is seconds old, keeps being recreated, or is of a type for nodes.`,
        hints: isSaidToExist(facts, who)
          ? ["Creating an entry for it was refused: there is one already."]
          : [],
        audience: "cluster-admin",
        confirmedBy: sentence`${describeEntry(target, who)} shows type and createdAt; ${aws(`iam get-${kind}`, { [`${kind}-name`]: name })} shows CreateDate.`,
      };
    },
  },
  {
    causes: ["L7"],
    suspicion: ({ principal, exec, target, cluster }) => {
      if (principal === undefined || cluster !== undefined) return undefined;
      return {
        hinted: false,
        summary: `Cluster ${target.cluster} may be in another AWS account than ${principal.account}, which the credentials are for.`,
        hints: exec?.profile === undefined ? [] : [`The plugin uses profile ${exec.profile}.`],
        audience: "you",
        confirmedBy: "The account in the cluster's ARN is another one.",
      };
    },
  },
  {
    causes: ["L12"],
    suspicion: ({ principal, exec }) => {
      if (principal?.kind !== "role" || exec === undefined) return undefined;
      const clear =
        exec.tool === "kubectl-vouch"
          ? ours("cache clear")
          : run("rm", "-r", {}, { underHome: ".aws/cli/cache" });
      return {
        hinted: false,
        summary: `The cached credentials belong to an earlier role ${principal.name}, which has been deleted since.`,
        hints: [],
        audience: "you",
        confirmedBy: sentence`After ${clear} it works.`,
      };
    },
  },
];

/** `a line under mapRoles with rolearn ARN, a username and groups` */
function lineFor({ principal }: Facts): string {
  const [section, key] = principal?.kind === "role" ? ["mapRoles", "rolearn"] : ["mapUsers", "userarn"];
  return `a line under ${section} with ${key} ${principal?.canonicalArn}, a username and groups`;
}

/** The ARN to look for; undefined if the caller is not known. */
function callerName(facts: Facts): string | undefined {
  const { principal } = facts;
  return principal && principalArn(facts, principal);
}

/** Whether creating its entry failed because there already is one. */
function isSaidToExist({ failedFixes }: Facts, arn: string): boolean {
  return failedFixes.some(
    ({ words, principalArn: of }) => of !== undefined && isSamePrincipal(of, arn) && ENTRY_EXISTS.test(words),
  );
}

function readsEntries({ authenticationMode }: Facts): boolean {
  return authenticationMode !== "CONFIG_MAP";
}

function readsAwsAuth({ authenticationMode }: Facts): boolean {
  return authenticationMode !== "API";
}

function acceptedByAws({ principal }: Facts): string[] {
  return principal === undefined
    ? []
    : [`AWS accepts the credentials as ${principal.arn}, and the cluster answers 401.`];
}
