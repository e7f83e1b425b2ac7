import type { Description } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { CONTAINER_ADDRESSES } from "../../derive/identity/aws-source.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { removeVariables } from "../../fixes/remove-variables.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

/**
 * Messages of botocore, Go's SDK and ours if the container or the machine gives no credentials: its address is not a valid one,
 * its token file does not exist, nothing answers, or there is no role.
 *
 * Source: botocore, utils.py (ContainerMetadataFetcher) and credentials.py (ContainerProvider); aws-sdk-go-v2,
 * config/resolve_credentials.go; token/aws/sources/open.
 */
const FAILED =
  /Unsupported host '[^']*'\. {1,2}Can only retrieve metadata|Error when retrieving credentials from (?:container-role|Ec2InstanceMetadata|EcsContainer|iam-role)|invalid endpoint host, "[^"]*"|failed to load credentials from container|\[(?:container-address-refused|container-credentials-failed|instance-metadata-failed)\]/;

const OF_MACHINE = /Ec2InstanceMetadata|iam-role|instance-metadata/;

export const awsMachineCredentialsFailed = defineErrorRule({
  causes: [
    {
      id: "L20",
      what: "The container or the machine whose role the plugin is to use gives it no credentials.",
      seen: "Error when retrieving credentials from container-role, or from Ec2InstanceMetadata",
    },
  ],
  expects: "the container or the machine whose role the plugin is to use gives credentials",
  pattern: FAILED,
  describe: ({ quote }, facts) => (OF_MACHINE.test(quote.match[0]) ? ofMachine(facts) : ofContainer(facts)),
});

function ofMachine(facts: Facts): Description {
  const disabled = pluginVariable(facts.pluginEnvironment, METADATA_DISABLED);
  const isDisabled = disabled?.value.toLowerCase() === "true";
  return {
    summary: "The machine gives no AWS credentials, and the plugin relies on its role.",
    evidence: [
      sayWhy(facts),
      isDisabled && `${METADATA_DISABLED} is true in ${disabled.place}: the machine is not asked.`,
    ],
    falsifiedBy: "The machine has a role, and its metadata can be reached from where the plugin runs.",
    fixes: [
      ownProfile(facts),
      isDisabled
        ? forYou(
            "Or allow the plugin to ask the machine for its role.",
            removeVariables(facts, [METADATA_DISABLED]),
          )
        : forYou("Or give the machine a role."),
    ],
  };
}

function ofContainer(facts: Facts): Description {
  return {
    summary: "The container gives no AWS credentials, and the plugin relies on its role.",
    evidence: [sayWhy(facts)],
    falsifiedBy: "The variables AWS_CONTAINER_* are as the container got them, and its agent answers.",
    fixes: [
      ownProfile(facts),
      forYou(
        "Or run it in the container to which these variables belong; elsewhere, remove them.",
        removeVariables(facts, CONTAINER_VARIABLES),
      ),
    ],
  };
}

const METADATA_DISABLED = "AWS_EC2_METADATA_DISABLED";

const CONTAINER_VARIABLES = [
  ...CONTAINER_ADDRESSES,
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

function sayWhy({ credentials }: Facts): string | undefined {
  return credentials && `Where the credentials come from: ${credentials.why}.`;
}

function ownProfile(facts: Facts): Fix {
  return forYou("Name a profile with credentials of your own.", ...chooseProfile(facts));
}
