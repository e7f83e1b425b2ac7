import { run } from "../../../token/command/command.ts";
import { forYou } from "../../fixes/fix.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

/**
 * How botocore, Go's SDK and we say that the container or the machine gives no credentials: its address is not one of theirs,
 * its token file is not there, nobody answers, or there is no role.
 *
 * Source: botocore, utils.py (ContainerMetadataFetcher) and credentials.py (ContainerProvider); aws-sdk-go-v2,
 * config/resolve_credentials.go; token/aws/sources/open.
 */
const FAILED =
  /Unsupported host '[^']*'\. {1,2}Can only retrieve metadata|Error when retrieving credentials from (?:container-role|Ec2InstanceMetadata|EcsContainer|iam-role)|invalid endpoint host, "[^"]*"|failed to load credentials from container|\[(?:container-address-refused|container-credentials-failed|instance-metadata-failed)\]/;

const OF_MACHINE = /Ec2InstanceMetadata|iam-role|instance-metadata/;

export const awsMachineCredentialsFailed = defineErrorRule({
  causes: ["L20"],
  expects: "the container or the machine whose role is meant gives credentials",
  pattern: FAILED,
  describe({ quote }, facts) {
    const { credentials } = facts;
    const what = OF_MACHINE.test(quote.match[0]) ? "machine" : "container";
    return {
      summary: `The ${what} gives no AWS credentials, and the plugin counts on its role.`,
      evidence: [credentials && `Where the credentials come from: ${credentials.why}.`],
      falsifiedBy:
        what === "machine"
          ? "The machine has a role, and its metadata can be reached from where the plugin runs."
          : "The variables AWS_CONTAINER_* are as the container got them, and its agent answers.",
      fixes: [
        forYou("Name a profile with credentials of your own.", ...chooseProfile(facts)),
        forYou(
          what === "machine"
            ? "Or give the machine a role."
            : "Or run it in the container that these variables are of; elsewhere, unset them.",
          ...(what === "machine" ? [] : [run("env")]),
        ),
      ],
    };
  },
});
