import assert from "node:assert/strict";
import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-paths.ts";
import { onPosix } from "../../support/platform.ts";

describe("where AWS keeps its files", () => {
  onPosix("paths", "is in the home folder", () => {
    assert.deepEqual(
      [awsConfigPath({}, "/home/ada"), awsCredentialsPath({}, "/home/ada")],
      ["/home/ada/.aws/config", "/home/ada/.aws/credentials"],
    );
  });
  onPosix("paths", "is where the variables say", () => {
    const env = { AWS_CONFIG_FILE: "~/work/config", AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/../keys" };
    assert.deepEqual(
      [awsConfigPath(env, "/home/$&"), awsCredentialsPath(env, "/home/ada")],
      ["/home/$&/work/config", "/etc/keys"],
    );
    assert.equal(awsConfigPath({ AWS_CONFIG_FILE: "" }, "/home/ada"), "/home/ada/.aws/config");
  });
});
