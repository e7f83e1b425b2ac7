import assert from "node:assert/strict";
import { configuredVariables } from "../../../../doctor/derive/kubeconfig/plugin-environment.ts";

function variablesIn(...texts: readonly string[]): Readonly<Record<string, string>> {
  const files = texts.map((text, index) => ({ path: `/file${index}`, text }));
  const found = configuredVariables({ client: { name: "kubectl", files } });
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

describe("the variables that a client's own files set", () => {
  const FORMS: Readonly<Record<string, readonly [text: string, expected: Readonly<Record<string, string>>]>> =
    {
      "a shell's export": ["export AWS_PROFILE=dev\n", { AWS_PROFILE: "dev" }],
      "an export of several": [
        `export AWS_PROFILE="the dev" AWS_REGION='eu-west-1' KUBECONFIG=/k # both\n`,
        { AWS_PROFILE: "the dev", AWS_REGION: "eu-west-1", KUBECONFIG: "/k" },
      ],
      "an assignment, as in a crontab or an env file": [
        "  HOME=/var/lib/job\nPATH=/usr/bin:/bin\r\nKUBERC=off",
        { HOME: "/var/lib/job", PATH: "/usr/bin:/bin", KUBERC: "off" },
      ],
      "an assignment of nothing": ["AWS_PROFILE=\n", { AWS_PROFILE: "" }],
      "the last assignment of a file": [
        "export AWS_PROFILE=one\nexport AWS_PROFILE=two\n",
        { AWS_PROFILE: "two" },
      ],
      "a value with a sharp sign inside": ["AWS_PROFILE=dev#1\n", { AWS_PROFILE: "dev#1" }],
      "a unit of systemd": [
        `[Service]\nEnvironment=HOME=/var/lib/job\nEnvironment="AWS_PROFILE=the dev" 'AWS_REGION=eu-west-1' PATH=/bin\n`,
        { HOME: "/var/lib/job", AWS_PROFILE: "the dev", AWS_REGION: "eu-west-1", PATH: "/bin" },
      ],
      "a list of Docker Compose": [
        "environment:\n  - AWS_PROFILE=dev\n  - 'HTTPS_PROXY=http://p:3128'\n",
        { AWS_PROFILE: "dev", HTTPS_PROXY: "http://p:3128" },
      ],
      "a property list": [
        "<dict>\n<key>AWS_PROFILE</key><string>dev</string>\n<key>PATH</key>\n  <string>/a&amp;b:/bin</string></dict>",
        { AWS_PROFILE: "dev", PATH: "/a&b:/bin" },
      ],
      JSON: [
        '{ "env": { "AWS_PROFILE": "dev", "NO_PROXY": "localhost,10.0.0.0/8" },\n  "KUBECONFIG": "C:\\\\k\\\\config"\n}',
        { AWS_PROFILE: "dev", NO_PROXY: "localhost,10.0.0.0/8", KUBECONFIG: "C:\\k\\config" },
      ],
      YAML: [
        "env:\n  AWS_PROFILE: dev # ours\n  no_proxy: localhost,.corp.test\n  AWS_REGION: 'eu-west-1'\n  KUBECONFIG: \"/k\"\n",
        { AWS_PROFILE: "dev", no_proxy: "localhost,.corp.test", AWS_REGION: "eu-west-1", KUBECONFIG: "/k" },
      ],
      "YAML in braces": [
        "env: { AWS_PROFILE: dev, AWS_REGION: eu-west-1 }\n",
        { AWS_PROFILE: "dev", AWS_REGION: "eu-west-1" },
      ],
    };
  for (const [what, [text, expected]] of Object.entries(FORMS)) {
    it(`reads ${what}`, () => assert.deepEqual(variablesIn(text), expected));
  }

  const OTHERS: Readonly<Record<string, string>> = {
    "a comment": "# export AWS_PROFILE=dev\n; AWS_PROFILE=dev\n// AWS_PROFILE=dev\n  # AWS_PROFILE: dev\n",
    "a sentence": "Set your AWS_PROFILE: it names the profile.\nThe PATH: see above.\n",
    "a variable of one command": "AWS_PROFILE=dev kubectl get pods\nrun AWS_PROFILE=dev\n",
    "a value that a shell would work out": `export PATH="$HOME/bin:$PATH"\nKUBECONFIG=\`pwd\`/k\nAWS_PROFILE: \${{ vars.PROFILE }}\n`,
    "other variables": "export EDITOR=vi\nMY_AWS_PROFILE=dev\nAWS=1\npath: /x\n",
    "keys of other words": '"editor.PATH": "/x"\n"my-AWS_PROFILE": "dev"\n',
    "YAML that goes on below": "PATH:\n  - /x\nHOME: |\n  /x\nAWS_PROFILE: &a dev\n",
  };
  for (const [what, text] of Object.entries(OTHERS)) {
    it(`leaves ${what} alone`, () => assert.deepEqual(variablesIn(text), {}));
  }

  it("takes the first file that sets a variable, and says which", () => {
    const files = [
      { path: "/one", text: "EDITOR=vi" },
      { path: "/two", text: "AWS_PROFILE=two" },
      { path: "/three", text: "AWS_PROFILE=three\nHOME=/h" },
    ];
    assert.deepEqual(configuredVariables({ client: { name: "kubectl", files } }), [
      { name: "AWS_PROFILE", value: "two", origin: "file", place: "/two" },
      { name: "HOME", value: "/h", origin: "file", place: "/three" },
    ]);
  });

  it("finds none where there are no files", () => {
    assert.deepEqual(configuredVariables({}), []);
    assert.deepEqual(configuredVariables({ client: { name: "kubectl" } }), []);
    assert.deepEqual(configuredVariables({ client: { failed: "denied" } }), []);
  });
});
