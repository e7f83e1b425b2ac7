import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type Lab, startLab } from "../lab/lab.ts";
import { filesBelow, findLeaks, type Place, percentEncoded, type Secret } from "../support/secret-search.ts";
import { type AwsListener, listenToAws } from "./aws-listener.ts";
import { isCenterFile } from "./center-story.ts";
import { type CommandLineWatch, watchCommandLines } from "./child-command-lines.ts";
import { type LabPerson, labPerson } from "./lab-person.ts";
import { playStory, type Told } from "./leak-story.ts";
import { storySecrets } from "./story-secrets.ts";

/** What the story must bring up, so that a search that finds nothing means something. */
const KINDS = [
  "DPoP proof",
  "EKS token",
  "EKS token's signature",
  "ID token",
  "Identity Center client secret",
  "Identity Center device code",
  "Identity Center refresh token",
  "Identity Center token",
  "PIN",
  "PIN hash",
  "access token",
  "client assertion",
  "client key",
  "foreign AWS secret",
  "foreign kubeconfig key",
  "foreign kubeconfig token",
  "foreign proxy password",
  "registration token",
  "secret access key",
  "security key's assertion",
  "security key's private key",
  "session token",
  "wrong PIN",
];

/** How a secret may look where it should not be. */
const DISGUISES: readonly (readonly [encoding: string, disguise: (secret: Buffer) => string])[] = [
  ["as it is", (secret) => secret.toString("latin1")],
  ["cut off", (secret) => secret.subarray(0, 24).toString("latin1")],
  ["base64", (secret) => secret.toString("base64")],
  ["base64 behind one byte", (secret) => Buffer.concat([Buffer.from("a"), secret]).toString("base64")],
  [
    "base64 amid others",
    (secret) => Buffer.from(`ab${secret.toString("latin1")}c`, "latin1").toString("base64"),
  ],
  ["base64url", (secret) => secret.toString("base64url")],
  ["percent-encoded", (secret) => percentEncoded(secret)],
  ["percent-encoded throughout", (secret) => percentEncoded(secret, /never/)],
  ["hexadecimal", (secret) => secret.toString("hex")],
];

describe("a secret", () => {
  let lab: Lab;
  let listener: AwsListener;
  let watch: CommandLineWatch;
  let person: LabPerson;
  let told: Told[];
  /** Every file as it was after every command. */
  const onTheWay: Place[] = [];
  let secrets: Secret[];

  before(async () => {
    lab = await startLab();
    listener = await listenToAws(lab);
    const temp = path.join(path.dirname(lab.home), "temp");
    fs.mkdirSync(temp);
    person = labPerson(lab, { env: { AWS_ENDPOINT_URL: listener.url, TMPDIR: temp } });
    watch = watchCommandLines();
    told = await playStory(person, ({ name }) => {
      onTheWay.push(...files().map((file) => ({ ...file, name: `${file.name} after ${name}` })));
    });
    watch.stop();
    secrets = storySecrets(lab, told, listener.idTokens);
  });
  after(async () => {
    watch?.stop();
    await listener?.close();
    await lab?.close();
  });

  const streams = (): Place[] =>
    told.flatMap(({ step, stdout, stderr }) => [
      { name: `${step.name}: stdout`, content: stdout, mayHold: answerOf(step.words) },
      { name: `${step.name}: stderr`, content: stderr },
    ]);
  const files = () => filesBelow(path.dirname(lab.home), { mayHold: ownersOf });
  const commandLines = (): Place[] => [
    { name: "our own command lines", content: person.commandLines().join("\n") },
    { name: "all command lines", content: [...watch.seen].join("\n") },
  ];

  it("came up in every part of a story in which each command ended as it should", () => {
    assert.deepEqual(
      told.map(({ step, status }) => `${step.name}: ${status}`),
      told.map(({ step }) => `${step.name}: ${step.status ?? 0}`),
    );
    const kinds = new Set(secrets.map(({ name }) => name.replace(/ (?:\d+|of ASIA\w+)$/, "")));
    assert.deepEqual([...kinds].sort(), KINDS);
    assert.match(told.find(({ step }) => step.name === "a crash")?.stderr ?? "", /^ {4}at /m);
    assert.deepEqual(
      told.filter(({ stderr }) => !stderr.startsWith("debug +")).map(({ step }) => step),
      told.flatMap(({ step }) => (step.plain ? [step] : [])),
    );
  });

  it("is told on no stream, but where it is the answer", () => {
    assert.deepEqual(findLeaks(secrets, streams()), []);
  });

  it("is left in no file, but in the token cache and the key store", () => {
    assert.ok(onTheWay.some(({ name }) => name.includes("/backups/")));
    assert.deepEqual(findLeaks(secrets, [...onTheWay, ...files()]), []);
  });

  it("stands on no command line", () => {
    assert.ok(person.commandLines().length >= told.length);
    if (process.platform === "linux")
      assert.ok([...watch.seen].some((line) => line.includes("credential eks")));
    assert.deepEqual(findLeaks(secrets, commandLines()), []);
  });

  describe("that is planted", () => {
    const planted = () => path.join(lab.home, ".config", "planted");
    afterEach(() => fs.rmSync(planted(), { force: true }));

    for (const name of ["PIN", "access token", "secret access key", "client key"]) {
      for (const [disguised, disguise] of DISGUISES) {
        it(`is found on a stream, in a file and on a command line: ${name}, ${disguised}`, () => {
          const secret = secrets.find((one) => one.name.startsWith(name)) ?? assert.fail(name);
          const content = Buffer.from(`at ${disguise(Buffer.from(secret.value))}.`, "latin1");
          fs.mkdirSync(path.dirname(planted()), { recursive: true });
          fs.writeFileSync(planted(), content);
          const places = [
            ...streams(),
            { name: "a stream", content },
            ...files(),
            ...commandLines(),
            { name: "a command line", content },
          ];
          const found = findLeaks(secrets, places).map((leak) => `${leak.place}: ${leak.secret}`);
          assert.deepEqual(
            [...new Set(found)],
            ["a stream", "home/.config/planted", "a command line"].map((place) => `${place}: ${secret.name}`),
          );
        });
      }
    }
  });
});

/** What a command may print because it was asked for it. */
function answerOf([command, what]: readonly string[]): string[] {
  if (command !== "credential") return [];
  return what === "aws" ? ["secret access key", "session token"] : ["EKS token", "session token"];
}

/** What a file below the lab's folder is there to keep. */
function ownersOf(file: string): string[] {
  if (file === "security-key.json" || file.startsWith("home/.local/share/kubectl-vouch/keys/")) return [""];
  if (/^home\/\.local\/state\/kubectl-vouch\/sessions\/[^/]+\/token-[^/]+$/.test(file))
    return ["EKS token", "session token"];
  if (isCenterFile(file)) return ["Identity Center"];
  // Other people's secrets were there before us; what takes a change back has to know them.
  return /^home\/(?:\.kube\/config|\.aws\/config|\.local\/state\/kubectl-vouch\/backups\/)/.test(file)
    ? ["foreign"]
    : [];
}
