import assert from "node:assert/strict";
import {
  configProfiles,
  profileOf,
  readSharedFiles,
  valuesOf,
} from "../../../../token/aws/sources/shared-files.ts";

const read = (config: string | undefined, credentials?: string) =>
  readSharedFiles({ path: "/aws/config", text: config }, { path: "/aws/credentials", text: credentials });

const NONE = { path: "/aws/credentials", text: undefined };

const said = (settings: ReadonlyMap<string, { value: string; file: string; line: number }> | undefined) =>
  Object.fromEntries(
    [...(settings ?? [])].map(([key, { value, file, line }]) => [key, `${value} ${file}:${line}`]),
  );

describe("readSharedFiles", () => {
  it("keeps for each setting where it stands, and which file says what", () => {
    const files = read(
      "# mine\n[profile a]\nregion = eu-west-1\naws_access_key_id = C\n",
      "[a]\n\naws_access_key_id = D\n[only]\nregion=x\n",
    );
    const profile = files.profiles.get("a");
    assert.deepEqual([...files.profiles.keys()], ["a", "only"]);
    assert.deepEqual([profile?.file, profile?.line], ["/aws/config", 2]);
    assert.deepEqual(said(profile?.settings), {
      region: "eu-west-1 /aws/config:3",
      aws_access_key_id: "D /aws/credentials:3",
    });
    assert.deepEqual(said(profile?.config), {
      region: "eu-west-1 /aws/config:3",
      aws_access_key_id: "C /aws/config:4",
    });
    assert.deepEqual(said(profile?.credentials), { aws_access_key_id: "D /aws/credentials:3" });
    assert.equal(files.profiles.get("only")?.file, "/aws/credentials");
  });

  it("reads sessions of Identity Center and services, which only the config file has", () => {
    const files = read(
      '[sso-session corp]\nsso_region = r\n[sso-session "my corp"]\n[services local]\ns3 =\n  endpoint_url = http://x\n',
      "[sso-session other]\nsso_region = r\n",
    );
    assert.deepEqual([...files.ssoSessions.keys()], ["corp", "my corp"]);
    assert.deepEqual(said(files.ssoSessions.get("corp")?.settings), { sso_region: "r /aws/config:2" });
    assert.deepEqual(files.services.get("local")?.settings.get("s3")?.nested, { endpoint_url: "http://x" });
  });

  it("gives a profile named like a member of an object for what it is", () => {
    const files = read("[profile __proto__]\nconstructor = x\n[profile toString]\n");
    assert.deepEqual([...files.profiles.keys()], ["__proto__", "toString"]);
    assert.deepEqual(said(files.profiles.get("__proto__")?.settings), { constructor: "x /aws/config:2" });
  });

  it("keeps a note behind a value, and knows it, also in a line that continues it; the SDKs cut it", () => {
    const text = "[profile a]\nregion = eu-west-1 # home\nx = 1\n  2 ; two\ny = z\n";
    const config = { path: "/aws/config", text };
    for (const reader of ["ours", "aws-cli", "sdk"] as const) {
      const settings = readSharedFiles(config, NONE, reader).profiles.get("a")?.settings ?? assert.fail();
      const isSdk = reader === "sdk";
      assert.deepEqual(said(settings), {
        region: `eu-west-1${isSdk ? "" : " # home"} /aws/config:2`,
        x: `1\n2${isSdk ? "" : " ; two"} /aws/config:3`,
        y: "z /aws/config:5",
      });
      const noted = [...settings].filter(([, { hasNote }]) => hasNote).map(([key]) => key);
      assert.deepEqual(noted, reader === "ours" ? ["region", "x"] : []);
    }
  });

  const ambiguities = {
    "[profile default], then [default]": "[profile default]\na = 1\n[default]\nb = 2\n",
    "[default], then [profile 'default']": "[default]\na = 1\n[profile 'default']\nb = 2\n",
  };
  for (const [what, text] of Object.entries(ambiguities))
    it(`marks ${what}, and takes the later one, whole`, () => {
      const profile = read(text).profiles.get("default");
      assert.deepEqual(said(profile?.settings), { b: "2 /aws/config:4" });
      assert.match(profile?.ambiguity ?? "", /line 1\) and .*\(line 3\) are the same profile/);
    });

  it("takes [profile default] after [default], as all do", () => {
    const profile = read("[default]\na = 1\n[profile default]\nb = 2\n").profiles.get("default");
    assert.deepEqual([said(profile?.settings), profile?.ambiguity], [{ b: "2 /aws/config:4" }, undefined]);
  });

  it("marks profiles and sessions with two headers, and those that [DEFAULT] completes for the AWS CLI", () => {
    const files = read(
      '[DEFAULT]\nrole_arn = r\nregion = x\n[profile a]\n[profile "a"]\n[profile b]\nrole_arn = s\n[profile c]\n[sso-session s]\nrole_arn = r\n[sso-session "s"]\n',
      "[d]\n",
    );
    const marked = [...files.profiles.values(), ...files.ssoSessions.values()].map(({ name, ambiguity }) => [
      name,
      ambiguity?.slice(0, 36),
    ]);
    assert.deepEqual(marked, [
      ["a", '[profile a] (line 4) and [profile "a'],
      ["b", undefined],
      ["c", "the AWS CLI adds role_arn from [DEFA"],
      ["d", undefined],
      ["s", "[sso-session s] (line 9) and [sso-se"],
    ]);
  });

  describe("as the AWS CLI reads them", () => {
    const forCli = (text: string) => readSharedFiles({ path: "/aws/config", text }, NONE, "aws-cli");

    it("has the later one of [default] and [profile default], whole", () => {
      for (const [first, second] of [
        ["default", "profile default"],
        ["profile default", "default"],
      ]) {
        const { profiles } = forCli(`[${first}]\na = 1\n[${second}]\nb = 2\n`);
        assert.deepEqual(said(profiles.get("default")?.settings), { b: "2 /aws/config:4" });
      }
    });

    const refused = {
      "a byte order mark": ["\ufeff[default]\n", "line 1: it starts with a byte order mark"],
      "a section twice": ["[default]\n[profile a]\n[default]\n", "line 3: [default] appears twice"],
      "a key twice": ["[profile a]\nRegion = x\nregion = y\n", "line 3: region appears twice in [profile a]"],
    };
    for (const [what, [text = "", why]] of Object.entries(refused))
      it(`is refused for ${what}`, () => {
        const message = `The AWS CLI cannot read /aws/config: ${why}.`;
        assert.throws(() => forCli(text), { code: "aws-config-invalid", message });
      });
  });

  it("has nothing of files that are not there", () => {
    assert.equal(read(undefined).profiles.size, 0);
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

describe("the profiles of the AWS config alone", () => {
  it("are merged where one stands twice, as the SDKs do", () => {
    const text = "[profile a]\nregion = x\noutput = text\n[default]\n[profile a]\nregion = y\n";
    assert.deepEqual(
      [...configProfiles({ path: "f", text }).values()].map((one) => [one.name, valuesOf(one)]),
      [
        ["a", { region: "y", output: "text" }],
        ["default", {}],
      ],
    );
  });

  it("are none in a missing file, and an error in a broken one", () => {
    assert.equal(configProfiles({ path: "f", text: undefined }).size, 0);
    assert.throws(() => configProfiles({ path: "f", text: "oops" }), { code: "aws-config-invalid" });
  });
});
