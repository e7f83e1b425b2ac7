import { run } from "../../../token/command/command.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import { clusterLogins, terraformArgument } from "../../derive/client/terraform-text.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** How a provider without a host fails. Source: hashicorp/terraform-provider-kubernetes#1131. */
const LOCALHOST =
  /https?:\/\/localhost(?::80)?\/|dial tcp (?:127\.0\.0\.1|\[::1\]):80: connect: connection refused/;

/** Values that Terraform may know only after apply. */
const OF_RESOURCE = /^(?:data|module|aws_eks_cluster)\./;

/**
 * A pending change of the cluster, or `depends_on`, keeps its data sources from being read at plan: then the provider has neither
 * host nor token. Source: doctor/EKS-ACCESS.md, "Reports".
 */
export const clientTerraformUnknownHost = defineRule({
  cause: {
    id: "T14",
    what: "Terraform's provider gets its host from a cluster with pending changes, so the host is unknown at plan time.",
    seen: 'Get "http://localhost/api/…": connection refused, at plan time',
    remedy: "Apply the cluster first, then the rest; or keep them in two states.",
  },
  expects: "Terraform's providers know the cluster's host at plan time",
  needs: ["client"],
  check({ client }, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (!isTerraform(client)) return doesNotApply("the client is not Terraform");
    const isUnreached = seen.symptom?.kind === "unreachable" || seen.symptom?.kind === "configuration";
    const words = isUnreached ? matchInError(seen.pastedError, LOCALHOST) : undefined;
    if (words === undefined) return doesNotApply("the provider did not connect to localhost");
    const hosts = clusterLogins(client.configuration ?? "").map(({ login }) =>
      terraformArgument(login, "host"),
    );
    const host = hosts.find((value) => value !== undefined && OF_RESOURCE.test(value));
    if (host === undefined && client.configuration !== undefined) return passed;
    return found({
      ...(host === undefined
        ? { confidence: "possible", inferred: true }
        : { confidence: "likely", explains: ["K14"] }),
      describe: () => ({
        summary: `Terraform did not know the cluster's host at plan time, so its provider connected to localhost.`,
        evidence: [quoteCall(words), host && `The provider block sets host = ${host}.`],
        falsifiedBy: "The plan does not change the cluster, and its data sources do not use depends_on.",
        fixes: fixes(seen.pastedError ?? ""),
      }),
    });
  },
});

function fixes(words: string): Fix[] {
  const [address = "ADDRESS_OF_THE_CLUSTER"] = /\bmodule\.[\w-]+(?=[.[])/.exec(words) ?? [];
  return [
    forYou(
      "Apply the cluster first, then the rest; its host is then known at plan time.",
      run("terraform", "apply", { target: address }),
      run("terraform", "apply"),
    ),
    forYou(
      "Or, for a permanent fix, remove depends_on from the data sources, or keep the cluster and its contents in separate states.",
    ),
  ];
}
