import type { Description } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { CONTAINER_ADDRESSES } from "../../derive/identity/aws-source.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { removeVariables } from "../../fixes/kubeconfig-commands.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

/**
 * Messages of botocore, Go's SDK and ours if the container or the machine does not provide credentials: its address is not a valid one,
 * its token file does not exist, nothing answers, or there is no role.
 *
 * Source: botocore, utils.py (ContainerMetadataFetcher) and credentials.py (ContainerProvider); aws-sdk-go-v2,
 * config/resolve_credentials.go; token/aws/sources/open.
 */
const FAILED =
  /Unsupported host '[^']*'\. {1,2}Can only retrieve metadata|Error when retrieving credentials from (?:container-role|Ec2InstanceMetadata|EcsContainer|iam-role)|invalid endpoint host, "[^"]*"|failed to load credentials from container|\[(?:container-address-refused|container-credentials-failed|instance-metadata-failed)\]/;

const OF_MACHINE = /Ec2InstanceMetadata|iam-role|instance-metadata/;

export const awsMachineCredentialsFailed = defineErrorRule({
  cause: {
    id: "L20",
    what: "The container or machine whose role the plugin should use does not provide credentials.",
    seen: "Error when retrieving credentials from container-role, or from Ec2InstanceMetadata",
    remedy:
      "Use a profile with your own credentials, unless this runs in the container or on the machine in question.",
    page: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html",
  },
  expects: "the container or machine whose role the plugin should use provides credentials",
  pattern: FAILED,
  describe: ({ quote }, facts) => (OF_MACHINE.test(quote.match[0]) ? ofMachine(facts) : ofContainer(facts)),
});

function ofMachine(facts: Facts): Description {
  const disabled = pluginVariable(facts.pluginEnvironment, METADATA_DISABLED);
  const isDisabled = disabled?.value.toLowerCase() === "true";
  return {
    summary: "The machine does not provide AWS credentials, but the plugin relies on its role.",
    evidence: [
      describeSource(facts),
      isDisabled && `${METADATA_DISABLED} is true in ${disabled.place}, so instance metadata is not queried.`,
    ],
    falsifiedBy: "The machine has a role, and instance metadata can be reached from where the plugin runs.",
    fixes: [
      ownProfile(facts),
      isDisabled
        ? forYou(
            "Or allow the plugin to query instance metadata for the role.",
            removeVariables(facts, [METADATA_DISABLED]),
          )
        : forYou("Or attach a role to the machine."),
    ],
  };
}

function ofContainer(facts: Facts): Description {
  return {
    summary: "The container does not provide AWS credentials, but the plugin relies on its role.",
    evidence: [describeSource(facts)],
    falsifiedBy:
      "The AWS_CONTAINER_* variables are those that the container received, and its credential agent responds.",
    fixes: [
      ownProfile(facts),
      forYou(
        "Or run the plugin in the container that these variables are for; elsewhere, unset them.",
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

function describeSource({ credentials }: Facts): string | undefined {
  return credentials && `Credential source: ${credentials.why}.`;
}

function ownProfile(facts: Facts): Fix {
  return forYou("Use a profile with your own credentials.", ...chooseProfile(facts));
}
