import { awsConfig, awsExec, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const OF_MACHINE = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\ncredential_source = Ec2InstanceMetadata\n[profile ops]\nregion = eu-west-1\n",
);

const CHOOSE = "kubectl config set-credentials lab --exec-env=AWS_PROFILE=ops";

const VARIABLES = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/** The plugin counts on a container, by variables of the shell or of the exec block. */
function container(shell: Readonly<Record<string, string>>, entry: Readonly<Record<string, string>>) {
  return pluginFailed("Error when retrieving credentials from container-role: 404", {
    changes: {
      ...awsExec(entry),
      ...awsConfig("[profile ops]\nregion = eu-west-1\n"),
      environment: { HOME: "/home/ada", ...shell },
    },
  });
}

testRule("credentials/aws-machine-credentials-failed", "L20", {
  certain: {
    "knows the words for a container": {
      on: [
        "Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response 404 from container metadata: ",
        "Unsupported host 'evil.example'.  Can only retrieve metadata from a loopback address or one of these hosts: 169.254.170.2",
        'could not create config: invalid endpoint host, "evil.example", only loopback/ecs/eks hosts are allowed.',
        "error: AWS_CONTAINER_CREDENTIALS_FULL_URI names http://evil.example, where no container of AWS gets its credentials and which setup did not record. [container-address-refused]",
        "error: The container gets no credentials: http://169.254.170.23 answered 404. [container-credentials-failed]",
      ].map((words) => pluginFailed(words)),
      summary: "The container does not provide AWS credentials, but the plugin relies on its role.",
    },
    "takes the variables away where they stand, and shows none of them": {
      on: container({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/x" }, {}),
      commands: [CHOOSE, `unset ${VARIABLES.join(" ")}`],
    },
    "knows the words for a machine": {
      on: [
        "Error when retrieving credentials from Ec2InstanceMetadata: No credentials found in credential_source referenced in profile dev",
        "error: Instance metadata, which AWS profile dev (/c, line 3) names, give no credentials: nobody answers. [instance-metadata-failed]",
      ].map((words) =>
        pluginFailed(words, {
          changes: OF_MACHINE,
        }),
      ),
      summary: "The machine does not provide AWS credentials, but the plugin relies on its role.",
      commands: "kubectl config set-credentials lab --exec-env=AWS_PROFILE=ops",
    },
    "sees that the machine is not asked": {
      on: pluginFailed("Error when retrieving credentials from Ec2InstanceMetadata: No credentials found", {
        changes: {
          ...OF_MACHINE,
          environment: { HOME: "/home/ada", AWS_EC2_METADATA_DISABLED: "TRUE" },
        },
      }),
      evidence: [
        /Ec2InstanceMetadata/,
        /AWS_EC2_METADATA_DISABLED/,
        /is true in the environment, so instance metadata/,
      ],
      commands: [CHOOSE, "unset AWS_EC2_METADATA_DISABLED"],
    },
  },
  passed: {
    "leaves a helper and a chain without anything alone": [
      "Error when retrieving credentials from custom-process: helper logged out",
      "Unable to locate credentials",
    ].map((words) => pluginFailed(words)),
  },
});
