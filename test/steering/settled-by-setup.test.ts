import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_ROLE } from "../lab/lab.ts";
import { labDesk } from "../support/lab-desk.ts";
import { SETUP_WORDS } from "../support/lab-words.ts";
import { suiteOnPosix } from "../support/platform.ts";

const IAM = "https://iam.example.com/";

suiteOnPosix("lab", "what setup settles", () => {
  const desk = labDesk();
  const setUp = (...flags: string[]) =>
    desk.run([...SETUP_WORDS, ...flags], { env: { AWS_ENDPOINT_URL_IAM: IAM } });
  const recorded = () => {
    const keys = path.join(desk.home, ".local/share/kubectl-vouch/keys");
    const file = fs.readdirSync(keys).find((name) => name.startsWith("session")) ?? "";
    const session = JSON.parse(fs.readFileSync(path.join(keys, file), "utf8")) as { endpoints: object };
    const { servers } = JSON.parse(desk.read(".local/state/kubectl-vouch/servers.json")) as {
      servers: Record<string, { endpoints: object }>;
    };
    return [session.endpoints, servers[desk.lab.vouch.url]?.endpoints] as { iamEndpoint?: string }[];
  };

  beforeEach(() => desk.logIn());

  it("is recorded with the session and for the next login, beside what login settled", async () => {
    const before = recorded();
    assert.equal((await setUp()).status, 0);
    assert.deepEqual(
      recorded(),
      before.map((endpoints) => ({ ...endpoints, iamEndpoint: IAM })),
    );
  });

  it("is not recorded by a dry run", async () => {
    const before = recorded();
    assert.equal((await setUp("--dry-run")).status, 0);
    assert.deepEqual(recorded(), before);
  });

  it("is nothing that another command says", async () => {
    const before = recorded();
    for (const words of [["status"], ["whoami"], ["credential", "aws", "--role", LAB_ROLE]])
      await desk.run(words, { env: { AWS_ENDPOINT_URL_IAM: IAM }, answersSecret: true });
    assert.deepEqual(recorded(), before);
  });
});
