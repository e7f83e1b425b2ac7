import assert from "node:assert/strict";
import { isAwsQuestion, readQuestion as read } from "../../../token/hot/question.ts";

const ROLE = "arn:aws:iam::111122223333:role/dev";
const ARGS = [
  "credential",
  "eks",
  ...["--cluster-name", "lab"],
  ...["--region", "us-east-1"],
  ...["--role", ROLE],
  ...["--server", "https://us.vouch.sh"],
];
const QUESTION = {
  cluster: "lab",
  clusterId: undefined,
  region: "us-east-1",
  role: ROLE,
  via: [],
  server: "https://us.vouch.sh",
  account: undefined,
};

/** As a user asks it. */
const readQuestion = (args: readonly string[]) => read(args, undefined);

describe("readQuestion", () => {
  it("reads flags with their values as two words", () => {
    assert.deepEqual(readQuestion(ARGS), QUESTION);
  });

  it("reads flags with their values as one word, a value with = in it included", () => {
    const args = ["credential", "eks", "--role=arn=x", "--server=s", "--cluster-name=c", "--region=r"];
    assert.deepEqual(readQuestion(args), {
      ...QUESTION,
      cluster: "c",
      region: "r",
      role: "arn=x",
      server: "s",
    });
  });

  it("keeps the roles on the way in their order, and the account", () => {
    assert.deepEqual(readQuestion([...ARGS, "--via", "a", "--account", "ada@example.com", "--via=b"]), {
      ...QUESTION,
      via: ["a", "b"],
      account: "ada@example.com",
    });
  });

  const PLACE = ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1"];
  const OF_SOURCE = {
    ...{ cluster: "lab", clusterId: undefined, region: "us-east-1" },
    ...{ profile: "dev", role: undefined, via: [], sessionName: undefined },
  };

  it("reads the ID that tokens are signed for in place of the name", () => {
    const id = ["--cluster-id", "0c3a5e1e-7b6f-4a57-9d53-6a2b8f5f9a10"];
    assert.deepEqual(readQuestion([...ARGS, ...id]), { ...QUESTION, clusterId: id[1] });
    const args = [...PLACE, "--profile", "dev", ...id];
    assert.deepEqual(readQuestion(args), { ...OF_SOURCE, clusterId: id[1] });
    assert.equal(readQuestion(["credential", "eks", ...id, ...PLACE.slice(4)]), undefined);
  });

  it("reads the session name of roles that are assumed", () => {
    assert.deepEqual(readQuestion([...PLACE, "--ambient", "--role", ROLE, "--session-name", "n"]), {
      ...OF_SOURCE,
      ...{ profile: undefined, role: ROLE, sessionName: "n" },
    });
  });

  it("reads a profile, and roles that are assumed by it", () => {
    assert.deepEqual(readQuestion([...PLACE, "--profile", "dev"]), OF_SOURCE);
    assert.deepEqual(readQuestion([...PLACE, "--via=a", "--profile=dev", "--via", "b", "--role", ROLE]), {
      ...OF_SOURCE,
      role: ROLE,
      via: ["a", "b"],
    });
  });

  it("reads that the environment is meant", () => {
    assert.deepEqual(readQuestion([...PLACE, "--ambient"]), { ...OF_SOURCE, profile: undefined });
    assert.deepEqual(readQuestion(["credential", "eks", "--ambient", "--role", ROLE, ...PLACE.slice(2)]), {
      ...OF_SOURCE,
      profile: undefined,
      role: ROLE,
    });
  });

  it("has the role of AI agents in place of the user's only if an agent asks", () => {
    const role = "arn:aws:iam::111122223333:role/reader";
    for (const [args, question] of [
      [ARGS, QUESTION],
      [[...PLACE, "--profile", "dev"], OF_SOURCE],
      [
        [...PLACE, "--profile", "dev", "--via", "a", "--role", ROLE],
        { ...OF_SOURCE, role: ROLE, via: ["a"] },
      ],
    ] as const) {
      assert.deepEqual(read([...args, "--agent-role", role], undefined), question);
      assert.deepEqual(read([...args, `--agent-role=${role}`], "claude-code"), { ...question, role });
      assert.deepEqual(read(args, "claude-code"), question, "a context without such a role");
    }
  });

  it("tells the kinds of questions apart", () => {
    const kinds = [ARGS, [...PLACE, "--profile", "dev"], [...PLACE, "--ambient"]].map((args) =>
      isAwsQuestion(readQuestion(args) ?? assert.fail()),
    );
    assert.deepEqual(kinds, [false, true, true]);
  });

  const refused = {
    "no words": [],
    "another command": ["credential", "aws", ...ARGS.slice(2)],
    "flags before the command": [...ARGS.slice(2), "credential", "eks"],
    "--help": [...ARGS, "--help"],
    "a flag without a value": [...ARGS, "--via"],
    "an empty value": [...ARGS, "--via", ""],
    "a value like a flag": [...ARGS, "--via", "-x"],
    "an unknown flag": [...ARGS, "--token-only", "x"],
    "a session name, which Vouch determines": [...ARGS, "--session-name", "x"],
    "a session name without a role": [...PLACE, "--ambient", "--session-name", "x"],
    "a word of its own": [...ARGS, "x", "y"],
    "a name all objects have": [...ARGS, "constructor", "y"],
    "a flag given twice": [...ARGS, "--role", ROLE],
    "two roles for AI agents": [...ARGS, "--agent-role", ROLE, "--agent-role", ROLE],
    "a role for AI agents alone": [...ARGS.slice(0, 6), ...ARGS.slice(8), "--agent-role", ROLE],
    "a role on the way to that for AI agents": [...PLACE, "--profile=dev", "--via=a", "--agent-role", ROLE],
    "a protected context": [...ARGS, "--protected"],
    "a protected context, said in front": [...ARGS.slice(0, 2), "--protected", ...ARGS.slice(2)],
    "a protected context, said with a value": [...ARGS, "--protected=false"],
    "no cluster": [...ARGS.slice(0, 2), ...ARGS.slice(4)],
    "no region": [...ARGS.slice(0, 4), ...ARGS.slice(6)],
    "no role": [...ARGS.slice(0, 6), ...ARGS.slice(8)],
    "no server": ARGS.slice(0, 8),
    "a profile with a server": [...PLACE, "--profile", "dev", "--server", "https://us.vouch.sh"],
    "a profile with a server and a role": [...ARGS, "--profile", "dev"],
    "a profile with an account": [...PLACE, "--profile", "dev", "--account", "ada@example.com"],
    "a profile with a role on the way to none": [...PLACE, "--profile", "dev", "--via", "a"],
    "a profile twice": [...PLACE, "--profile", "dev", "--profile", "dev"],
    "a profile without a name": [...PLACE, "--profile="],
    "a profile and the environment": [...PLACE, "--profile", "dev", "--ambient"],
    "the environment with a server": [...ARGS, "--ambient"],
    "the environment twice": [...PLACE, "--ambient", "--ambient"],
    "the environment with a value": [...PLACE, "--ambient=true"],
    "the environment without a region": [...PLACE.slice(0, 4), "--ambient"],
    "neither profile, environment nor server": PLACE,
  };
  for (const [what, args] of Object.entries(refused)) {
    it(`leaves ${what} to the full program`, () => {
      assert.equal(readQuestion(args), undefined);
    });
  }
});
