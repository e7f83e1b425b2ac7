import assert from "node:assert/strict";
import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-paths.ts";
import { profileOf, readAwsProfiles, readCredentialsProfiles } from "../../../token/aws/aws-profiles.ts";

const ROLE = "arn:aws:iam::111122223333:role/Dev";

describe("where AWS keeps its files", () => {
  it("is in the home folder", () => {
    assert.deepEqual(
      [awsConfigPath({}, "/home/ada"), awsCredentialsPath({}, "/home/ada")],
      ["/home/ada/.aws/config", "/home/ada/.aws/credentials"],
    );
  });
  it("is where the variables say", () => {
    const env = { AWS_CONFIG_FILE: "~/work/config", AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/../keys" };
    assert.deepEqual(
      [awsConfigPath(env, "/home/$&"), awsCredentialsPath(env, "/home/ada")],
      ["/home/$&/work/config", "/etc/keys"],
    );
    assert.equal(awsConfigPath({ AWS_CONFIG_FILE: "" }, "/home/ada"), "/home/ada/.aws/config");
  });
});

describe("profileOf", () => {
  const table: Record<string, string | undefined> = {
    default: "default",
    "profile dev": "dev",
    "profile\t dev": "dev",
    'profile "my dev"': "my dev",
    "profile 'my dev'": "my dev",
    "profile default": "default",
    profile: undefined,
    "profile two words": undefined,
    profiles: undefined,
    dev: undefined,
    "sso-session corp": undefined,
  };
  for (const [header, name] of Object.entries(table))
    it(`reads [${header}]`, () => assert.equal(profileOf(header), name));
});

describe("readAwsProfiles", () => {
  it("gives each profile with its role, region and who serves it", () => {
    const text = `[default]
region = us-east-1
[profile chained]
role_arn = ${ROLE}
source_profile = default
[profile vouch]
credential_process = "/opt/my tools/kubectl-vouch" credential aws --role ${ROLE} --via arn:aws:iam::999988887777:role/Hub --server https://vouch.example
region =
[profile other]
credential_process = /bin/other
[services x]
s3 =
  endpoint_url = http://x
`;
    assert.deepEqual(
      readAwsProfiles(text, "f").map(({ settings: _, ...profile }) => profile),
      [
        {
          name: "default",
          line: 1,
          region: "us-east-1",
          roleArn: undefined,
          credentialProcess: undefined,
          vouch: undefined,
        },
        {
          name: "chained",
          line: 3,
          region: undefined,
          roleArn: ROLE,
          credentialProcess: undefined,
          vouch: undefined,
        },
        {
          name: "vouch",
          line: 6,
          region: undefined,
          roleArn: undefined,
          credentialProcess: `"/opt/my tools/kubectl-vouch" credential aws --role ${ROLE} --via arn:aws:iam::999988887777:role/Hub --server https://vouch.example`,
          vouch: {
            by: "kubectl-vouch",
            role: ROLE,
            via: ["arn:aws:iam::999988887777:role/Hub"],
            server: "https://vouch.example",
            account: undefined,
          },
        },
        {
          name: "other",
          line: 9,
          region: undefined,
          roleArn: undefined,
          credentialProcess: "/bin/other",
          vouch: undefined,
        },
      ],
    );
  });

  it("merges a profile that stands twice, as the SDKs do", () => {
    const text = "[profile a]\nregion = x\noutput = text\n[default]\n[profile a]\nregion = y\n";
    assert.deepEqual(
      readAwsProfiles(text, "f").map(({ name, settings }) => [name, settings]),
      [
        ["a", { region: "y", output: "text" }],
        ["default", {}],
      ],
    );
  });

  it("takes a missing file for an empty one, and never a broken one", () => {
    assert.deepEqual(readAwsProfiles(undefined, "f"), []);
    assert.throws(() => readAwsProfiles("oops", "f"), { code: "aws-config-invalid" });
  });
});

describe("readCredentialsProfiles", () => {
  it("names the profiles that have credentials there", () => {
    assert.deepEqual(
      readCredentialsProfiles("[a]\naws_access_key_id = x\n[b]\nregion = y\n[c]\nrole_arn = z\n", "f"),
      ["a", "c"],
    );
    assert.deepEqual(readCredentialsProfiles(undefined, "f"), []);
  });
});
