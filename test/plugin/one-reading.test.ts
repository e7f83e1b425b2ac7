import assert from "node:assert/strict";
import { addAssignment } from "../lab/aws/identity-center.ts";
import { addEntry, addRole, CLUSTER_READS, LAB_ADMIN_KEY } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION } from "../lab/lab.ts";
import { execInfoFor } from "../support/cluster-infos.ts";
import { debugLinesOf } from "../support/debug-lines.ts";
import { type DeskOptions, labDeskAtRest } from "../support/lab-desk.ts";
import { CREDENTIAL_WORDS, SETUP_WORDS } from "../support/lab-words.ts";
import { suiteOnPosix } from "../support/platform.ts";
import { fetched } from "../token/aws/identity-center/center-lab.ts";

/** Files that a command may read more than once, and why; everything else is read once. */
const READ_AGAIN = {
  "config.yaml": "under the mint's lock, where the settings bind the token; after a setup has written",
  "current.json": "as config.yaml; and under its own lock before it is changed",
  clusters:
    "under the mint's lock: a setup may have recorded the cluster meanwhile; before a record is replaced",
  marks: "when the mark is left: another process may have left one while the token was fetched",
  keys: "under the lock for credentials: another process may have fetched them; after they were stored",
  "ca.pem": "at each connection, so that a renewed bundle takes effect",
  "kube/config": "under its lock; before and after it is written",
  "setup-journal.json": "under its lock",
  "profiles.json": "before a record is replaced, and under its lock",
  "servers.json": "before a record is replaced, and under its lock",
  proc: "each lock says which process holds it",
} as const;

type Kind = keyof typeof READ_AGAIN;

/** How often a file is read, at most, for those that are read more than once. */
type Counts = Partial<Record<Kind, number>>;

const MINT: Counts = { "config.yaml": 2, "current.json": 2, clusters: 2, marks: 2 };
const SETUP: Counts = {
  ...{ "config.yaml": 4, "current.json": 5, clusters: 3, marks: 2, keys: 3, "ca.pem": 5 },
  ...{ "kube/config": 5, "setup-journal.json": 2, "profiles.json": 3, proc: 2 },
};

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const DEV = "arn:aws:iam::111122223333:role/Dev";
const CONFIG = `[profile keys]
region = ${LAB_REGION}
aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}
aws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}
[profile role]
region = ${LAB_REGION}
role_arn = ${DEV}
source_profile = keys
[profile center]
region = ${LAB_REGION}
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Center
[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
`;

suiteOnPosix("lab", "the files that one command reads", () => {
  const desk = labDeskAtRest();
  const setup = (...flags: string[]) => ["setup", "eks", "--cluster", LAB_CLUSTER, ...flags];
  const credential = (...flags: string[]) => [
    ...["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION],
    ...flags,
  ];
  const kubectl = { KUBERNETES_EXEC_INFO: execInfoFor(undefined), AWS_ENDPOINT_URL: undefined };
  const atCenter = () => ({ AWS_ENDPOINT_URL: desk.lab.aws.url });

  beforeEach(() => {
    desk.write(".aws/config", CONFIG);
    const trust = [{ Effect: "Allow" as const, Principal: { AWS: ADMIN }, Action: ["sts:AssumeRole"] }];
    addEntry(desk.lab.cluster, addRole(desk.lab.world, { name: "Dev", trust, allows: [CLUSTER_READS] }));
    addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Center", allows: [CLUSTER_READS] });
    desk.logIn();
    desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
  });

  const works = async (words: readonly string[], options: DeskOptions = {}) => {
    const { status, stderr } = await desk.run(words, { answersSecret: true, ...options });
    assert.equal(status, 0, stderr);
  };
  /** A command that finds no token in the cache. */
  const cold = async (words: readonly string[], options: DeskOptions = {}) => {
    await works(["cache", "clear"]);
    return readings(words, options);
  };
  /** How often the files were read that were read more than once. */
  const readings = async (words: readonly string[], options: DeskOptions = {}) => {
    const lines = await debugLinesOf(() => works(words, options));
    const counts = new Map<string, number>();
    for (const line of lines) {
      const [, file] = /^read (.+?)(?:: .*| \([\d.]+ k?B\))$/.exec(line) ?? [];
      if (file !== undefined) counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    assert.ok(counts.size > 3, lines.join("\n"));
    return Object.fromEntries([...counts].filter(([, count]) => count > 1));
  };
  const logInAtCenter = () =>
    works(["login", "--profile", "center"], {
      env: atCenter(),
      openBrowser: async (address) => {
        desk.lab.world.identityCenter.person = { userName: "ada" };
        void fetched(address, desk.lab.ca.cert).then(({ headers: { location = "" } }) =>
          fetched(location, desk.lab.ca.cert),
        );
        return true;
      },
    });

  const requireAtMost = (counts: Readonly<Record<string, number>>, allowed: Counts) => {
    const most = (file: string) =>
      Object.entries(allowed).find(([kind]) => file.includes(`/${kind}`) || file.includes(`.${kind}`))?.[1];
    const tooOften = Object.entries(counts).filter(([file, count]) => count > (most(file) ?? 1));
    assert.deepEqual(tooOften, []);
  };

  it("are read once for a token of a Vouch session, but for what binds it under the lock", async () => {
    await works(SETUP_WORDS);
    requireAtMost(await cold(CREDENTIAL_WORDS, { env: kubectl }), { ...MINT, keys: 2, "ca.pem": 2 });
  });

  for (const profile of ["keys", "role", "center"])
    it(`are read once for a token of an AWS profile: ${profile}`, async () => {
      if (profile === "center") await logInAtCenter();
      await works(setup("--profile", profile), { env: atCenter() });
      const counts = await cold(credential("--profile", profile), { env: kubectl });
      // STS is asked twice: who assumes the role, and for the role.
      const calls = profile === "role" ? { "ca.pem": 2 } : {};
      requireAtMost(counts, { ...MINT, keys: 2, ...calls });
    });

  it("are read once for a token of the caller's own credentials", async () => {
    const env = { AWS_PROFILE: "keys" };
    await works(setup("--ambient"), { env });
    requireAtMost(await cold(credential("--ambient"), { env: { ...kubectl, ...env } }), MINT);
  });

  it("are read once to say who one is", async () => {
    await works(SETUP_WORDS);
    await works(setup("--profile", "role"));
    for (const context of ["lab-vouch", "lab-role"])
      requireAtMost(await cold(["whoami", "--context", context]), { ...MINT, keys: 3, "ca.pem": 3 });
  });

  it("are read once for the status of all contexts", async () => {
    await works(SETUP_WORDS);
    for (const profile of ["keys", "role"]) await works(setup("--profile", profile));
    assert.deepEqual(await readings(["status"]), {});
  });

  it("are read again by a setup only after it has written, and under locks", async () => {
    requireAtMost(await readings(SETUP_WORDS), SETUP);
    requireAtMost(await readings(setup("--profile", "role")), SETUP);
    await logInAtCenter();
    const all = await readings(["setup", "eks", "--all", "--all-profiles"], { env: atCenter() });
    assert.deepEqual(
      Object.keys(all).filter((file) => /\.aws\/(?:config|credentials)$/.test(file)),
      [],
    );
  });

  it("are read again by a login only after it has written, and under locks", async () => {
    const words = ["login", "--force", "--pin-stdin"];
    requireAtMost(await readings(words, { stdin: `${LAB_PIN}\n`, terminal: "none" }), {
      ...{ "config.yaml": 2, "current.json": 6, keys: 2, "ca.pem": 4, "servers.json": 2 },
    });
  });
});
