import { awsConfig, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

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
      summary: "The container gives no AWS credentials, and the plugin counts on its role.",
    },
    "knows the words for a machine": {
      on: [
        "Error when retrieving credentials from Ec2InstanceMetadata: No credentials found in credential_source referenced in profile dev",
        "error: Instance metadata, which AWS profile dev (/c, line 3) names, give no credentials: nobody answers. [instance-metadata-failed]",
      ].map((words) =>
        pluginFailed(words, {
          changes: awsConfig(
            "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\ncredential_source = Ec2InstanceMetadata\n",
          ),
        }),
      ),
      summary: "The machine gives no AWS credentials, and the plugin counts on its role.",
    },
  },
  passed: {
    "leaves a helper and a chain without anything alone": [
      "Error when retrieving credentials from custom-process: helper logged out",
      "Unable to locate credentials",
    ].map((words) => pluginFailed(words)),
  },
});
