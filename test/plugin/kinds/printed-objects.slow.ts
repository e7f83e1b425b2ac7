import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { KINDS, type Kind } from "../../../plugin/kinds/kinds.ts";
import { ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { newSoftKeyState } from "../../lab/key/soft-key-state.ts";
import { LAB_PIN, LAB_ROLE } from "../../lab/lab.ts";
import { type DeskOptions, type LabDesk, labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, SETUP_WORDS } from "../../support/lab-words.ts";
import { schemaProblems } from "../../support/published-schemas.ts";
import { sessionOf } from "../../token/aws/identity-center/center-lab.ts";

const SETUP = SETUP_WORDS.join(" ");
const AWS = `setup aws --role ${LAB_ROLE} --region us-east-1`;

/** The key in the person's hand is another one, with nothing on it. */
function withNewKey(desk: LabDesk): DeskOptions {
  const { maker } = desk.key;
  desk.key = newSoftKeyState({ pin: LAB_PIN, ...(maker === undefined ? {} : { maker }) });
  return { stdin: `${LAB_PIN}\n` };
}

/** The person approves what is shown, in the browser. */
function approving({ lab: { vouch } }: LabDesk): DeskOptions {
  const userId = vouch.users[0]?.id ?? "";
  return {
    onErr(text) {
      const [, code] = /approve the code (\S+)/.exec(text) ?? [];
      if (code !== undefined) vouch.approveDevice(code, { userId });
    },
  };
}

/** Another tool has logged in at Identity Center, for an AWS profile. */
function withSso(desk: LabDesk): DeskOptions {
  const { lab } = desk;
  desk.write(".aws/config", SSO_PROFILE);
  const token = sessionOf(lab.world.identityCenter, lab.clock());
  desk.write(`.aws/sso/cache/${ssoTokenFile("lab")}`, JSON.stringify(token));
  return {};
}

/** The same, and the person has a role there. */
function withRole(desk: LabDesk): DeskOptions {
  addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev" });
  return { ...withSso(desk), env: { AWS_ENDPOINT_URL: desk.lab.aws.url } };
}

const SSO_PROFILE = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
[profile dev]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
`;

function withClusterReads({ lab }: LabDesk): DeskOptions {
  allowClusterReads(lab);
  return {};
}

/** The developer may read access entries, so that there is something to list. */
function withEntryReads({ lab }: LabDesk): DeskOptions {
  lab.world.roles.get(LAB_ROLE)?.allows.push({ actions: ["eks:Describe*", "eks:List*"], resources: ["*"] });
  return {};
}

/** A person's morning, line by line: what is printed, and the exit status. `LabDesk.run` judges it by the schema. */
const MORNING: readonly (readonly [
  line: string,
  kind: Kind | "nothing",
  status: number,
  options?: DeskOptions | ((desk: LabDesk) => DeskOptions),
])[] = [
  ["version", "Version", 0],
  ["login --key-store file --pin-stdin", "Login", 0, { stdin: `${LAB_PIN}\n` }],
  ["login", "Login", 0],
  ["login --if-needed 1h", "Login", 0],
  ["keys", "KeyList", 0],
  ["keys add --name spare --pin-stdin", "KeyAdded", 0, withNewKey],
  ["keys remove spare --yes", "KeyRemoved", 0],
  ["enroll --no-browser --key-store file", "Enrolment", 0, approving],
  ["config list", "SettingList", 0],
  ["config set account ada@example.com", "Setting", 0],
  ["config set cache on", "Setting", 0],
  ["config unset cache", "Setting", 0],
  ["config view", "Settings", 0],
  ["status", "Status", 0],
  [`${SETUP} --dry-run`, "EksSetup", 0],
  [`${SETUP} --diff`, "EksSetup", 0],
  [SETUP, "EksSetup", 0],
  [`setup eks --list --region us-east-1 --role ${LAB_ROLE}`, "EksClusters", 0, withClusterReads],
  ["whoami", "Whoami", 0],
  ["whoami --can", "Whoami", 0],
  ["whoami --can -A", "Whoami", 0],
  ["access", "AccessList", 0, withEntryReads],
  ["cache list", "CacheList", 0],
  ["token explain k8s-aws-v1.x", "TokenExplanation", 1],
  ["explain E3", "DoctorExplanation", 0],
  ["doctor", "DoctorReport", 0],
  ["doctor --for", "nothing", 64],
  ["doctor -n nowhere", "DoctorReport", 79],
  ["doctor --pre --offline", "DoctorReport", 0],
  ["doctor --all-contexts", "DoctorReportList", 0],
  ["doctor --evidence no.json --evidence none.json", "DoctorCaseList", 79],
  ["doctor --list", "DoctorRuleList", 0],
  [`${AWS} --dry-run`, "AwsSetup", 0],
  [AWS, "AwsSetup", 0],
  [AWS, "AwsSetup", 0],
  ["setup aws --undo --dry-run", "SetupUndone", 0],
  ["setup aws --undo", "SetupUndone", 0],
  ["setup eks --undo", "SetupUndone", 0],
  ["completion install --dry-run", "CompletionFile", 0],
  ["completion install", "CompletionFile", 0],
  ["completion install", "CompletionFile", 0],
  ["completion uninstall --dry-run", "CompletionFile", 0],
  ["completion uninstall", "CompletionFile", 0],
  ["completion uninstall", "CompletionFile", 0],
  ["cache clear", "CacheCleared", 0],
  ["logout", "Logout", 0],
  ["logout", "Logout", 0],
  ["login --profile dev", "ProfileLogin", 0, withSso],
  ["status", "Status", 2],
  ["setup aws --sso-start-url https://lab.awsapps.com/start", "IdentityCenterSetup", 0, withRole],
  ["logout --profile dev", "ProfileLogout", 0],
  // What goes wrong is said on stderr and by the status alone.
  ["setup eks --undo", "nothing", 6],
  ["setup eks --cluster nowhere --region us-east-1", "nothing", 6],
  ["login --timeout 0s", "nothing", 64],
  ["login --key-store file --pin-stdin", "nothing", 3, { stdin: "0000\n" }],
  ["logout --all --account ada@example.com", "nothing", 64],
  ["completion install", "nothing", 6, { env: { PATH: "" } }],
  ["setup eks --cluster lab --region us-east-1", "nothing", 6],
  ["whoami --context nowhere", "nothing", 6],
  ["explain E999", "nothing", 64],
  ["config set server nonsense", "nothing", 6],
  ["token explain {", "nothing", 1],
  ["doctor --context nowhere", "DoctorReport", 79],
  ["status --server https://nowhere.example.com", "Status", 2],
];

for (const format of ["json", "yaml"] as const) {
  describe(`what -o ${format} prints`, () => {
    const desk = labDesk();
    /** A folder on PATH with the program in it, where TAB's file goes. */
    const bin = () => {
      const program = desk.write("bin/kubectl-vouch", "");
      fs.chmodSync(program, 0o755);
      return path.dirname(program);
    };
    const read = (text: string): { kind?: string } =>
      text === "" ? { kind: "nothing" } : format === "json" ? JSON.parse(text) : parse(text);

    it("is of every kind one whole object, by its schema, or nothing", async () => {
      const seen = new Set<string>();
      for (const [line, kind, status, options] of MORNING) {
        const words = [...line.split(" "), "-o", format];
        const answer = await desk.run(words, {
          terminal: "none",
          ...(line.startsWith("completion") ? { env: { PATH: bin() } } : {}),
          ...(typeof options === "function" ? options(desk) : options),
        });
        const { kind: printed = "none" } = read(answer.stdout);
        assert.deepEqual([line, printed, answer.status], [line, kind, status], answer.stderr);
        seen.add(printed);
        if (kind === "nothing") assert.match(answer.stderr, /^error: .+ \[[a-z-]+\]\n/m, line);
      }
      assert.deepEqual(
        Object.keys(KINDS).filter((kind) => !seen.has(kind)),
        [],
      );
    });
  });
}

describe("a schema that is published", () => {
  const VERSION = {
    apiVersion: "vouch.kubectl/v1",
    kind: "Version",
    version: "1",
    runtime: "node 22",
    platform: "linux/x64",
    execCredentialVersions: [],
  };

  it("takes what it says", () => assert.deepEqual(schemaProblems(VERSION), []));

  for (const [what, object] of Object.entries({
    "lacks a field": { ...VERSION, runtime: undefined },
    "has a field too many": { ...VERSION, color: "red" },
    "has a field of another type": { ...VERSION, version: 1 },
    "has another version": { ...VERSION, apiVersion: "vouch.kubectl/v2" },
    "is of a kind nobody knows": { ...VERSION, kind: "Vision" },
    "is none": [],
  }))
    it(`refuses an object that ${what}`, () => assert.notDeepEqual(schemaProblems(object), []));

  it("refuses a time that is local or has no zone", () => {
    const entry = {
      ...{ server: "s", identity: "i", role: "r", region: "r", cluster: "c", agent: null, file: "f" },
    };
    const list = (expires: string) => ({
      apiVersion: "vouch.kubectl/v1",
      kind: "CacheList",
      items: [{ ...entry, expires }],
    });
    assert.deepEqual(schemaProblems(list("2026-01-15T12:00:00Z")), []);
    for (const time of ["2026-01-15T13:00:00+01:00", "2026-01-15T12:00:00", "2026-01-15 13:00:00 UTC+1", ""])
      assert.equal(schemaProblems(list(time)).length, 1, time);
  });

  it("holds the evidence that is saved", async () => {
    assert.deepEqual(schemaProblems(await savedEvidence()), []);
  });

  const desk = labDesk();
  async function savedEvidence(): Promise<unknown> {
    desk.logIn();
    await desk.run(SETUP_WORDS);
    assert.equal((await desk.run(["doctor", "--save", `${desk.home}/case.json`])).status, 0);
    return JSON.parse(desk.read("case.json"));
  }
});
