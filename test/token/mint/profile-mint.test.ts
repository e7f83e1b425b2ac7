import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { explainToken } from "../../../token/eks/explain-token.ts";
import { currentFile, profilesFolder } from "../../../token/hot/state-files.ts";
import type { Minted } from "../../../token/mint/mint-token.ts";
import { onPosix } from "../../support/platform.ts";
import { type ProfileBench, profileBench } from "../../support/profile-bench.ts";
import { changeInPlace, replaceFile } from "../../support/source-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MINUTE = 60_000;

describe("mintToken by an AWS profile", () => {
  const folder = tempFolder();
  let bench: ProfileBench;
  beforeEach(() => {
    bench = profileBench(folder());
  });

  const signer = ({ token }: Minted) => explainToken(token.token, bench.clock()).accessKeyId;
  const nth = (number: number) => `AKIACANARY${String(number).padStart(10, "0")}`;
  const current = () => JSON.parse(fs.readFileSync(currentFile(bench.state), "utf8"));
  /** Some time later, so that the file counts as settled again. */
  const later = () => bench.clock.advance(10_000);

  it("signs a token that a verifier accepts, with keys that have no session", async () => {
    const minted = await bench.mint();
    const { problems, host, accessKeyId } = explainToken(minted.token.token, bench.clock());
    assert.deepEqual([problems, host, accessKeyId], [[], "sts.us-east-1.amazonaws.com", nth(1)]);
    assert.deepEqual(bench.wishes, [{ fresh: false, minRemainingMs: 5 * MINUTE }]);
  });

  onPosix(
    "modes",
    "makes what it is kept in, private, for somebody who knows no server, whom the warm path answers then",
    async () => {
      const { token } = await bench.mint({ parentId: 1 });
      assert.deepEqual(current(), { version: 1, servers: {} });
      assert.equal(fs.statSync(profilesFolder(bench.state)).mode & 0o777, 0o700);
      const [name = "", ...others] = fs.readdirSync(profilesFolder(bench.state));
      assert.match(name, /^token-[0-9a-f]{8}\.json$/);
      assert.deepEqual(others, []);
      const file = path.join(profilesFolder(bench.state), name);
      assert.equal(fs.statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(JSON.parse(fs.readFileSync(file, "utf8")), token);
      assert.deepEqual(
        token.witnesses?.map(([witness]) => witness),
        [bench.config],
      );
      assert.equal(bench.warm({ parentId: 2 }), token.token);
    },
  );

  it("keeps for the warm path what the settings say, and leaves what is there already", async () => {
    await bench.mint({ settings: { requireClusterInfo: true, account: "ada@example.com" } });
    const before = { version: 1, requireClusterInfo: true, account: "ada@example.com", servers: {} };
    assert.deepEqual(current(), before);
    await bench.mint({ parentId: 2 });
    assert.deepEqual(current(), before);
  });

  it("removes the tokens of other calls that are over, and no younger ones", async () => {
    await bench.mint();
    const left = (name: string, minutes: number) => {
      const file = path.join(profilesFolder(bench.state), name);
      fs.writeFileSync(file, "{}", { mode: 0o600 });
      const then = new Date(bench.clock() - minutes * MINUTE);
      fs.utimesSync(file, then, then);
      return file;
    };
    const [old, young] = [left("token-00000000.json", 61), left("token-00000001.json", 59)];
    const note = left("aws-file-0000000000000000", 61);
    await bench.mint({ parentId: 2 });
    assert.deepEqual(
      [old, young, note].map((file) => fs.existsSync(file)),
      [false, true, true],
    );
  });

  it("removes what a killed mint was writing, and not what another one writes", async () => {
    await bench.mint();
    const left = (processId: number) => {
      const file = path.join(profilesFolder(bench.state), `.vouch-${processId}-0123456789ab.tmp`);
      fs.writeFileSync(file, "canary", { mode: 0o600 });
      return file;
    };
    const { pid: killed } = spawnSync(process.execPath, ["-v"]);
    const files = [left(killed), left(process.pid)];
    await bench.mint({ parentId: 2 });
    assert.deepEqual(
      files.map((file) => fs.existsSync(file)),
      [false, true],
    );
  });

  it("writes nothing where nothing is to be kept", async () => {
    await bench.mint({ settings: { cache: false } });
    assert.equal(fs.existsSync(bench.state), false);
  });

  it("signs all the same where nothing can be written", async () => {
    bench.state = "/proc/self/none/kubectl-vouch";
    assert.equal(signer(await bench.mint()), nth(1));
    assert.equal(signer(await bench.mint()), nth(2));
  });

  it("is one exchange for many that ask at once", async () => {
    const parents = Array.from({ length: 10 }, (_, parentId) => ({ parentId }));
    const minted = await Promise.all(parents.map((call) => bench.mint(call)));
    assert.equal(new Set(minted.map(({ token }) => token.token)).size, 1);
    assert.equal(bench.wishes.length, 1);
  });

  it("answers nothing else where the role differs, or nobody names a profile", async () => {
    const questions = [
      {},
      { role: "arn:aws:iam::111122223333:role/x" },
      { profile: undefined },
      { profile: "prod" },
    ];
    for (const question of questions) await bench.mint({ question });
    assert.equal(bench.wishes.length, 4);
    for (const question of questions) assert.ok(bench.warm({ question, parentId: 2 }));
    assert.equal(fs.readdirSync(profilesFolder(bench.state)).length, 4);
  });

  describe("when its file changes", () => {
    it("gives the same token for a change that decides nothing, and the warm path goes on", async () => {
      const first = await bench.mint({ parentId: 1 });
      fs.appendFileSync(bench.config, "# a note\n");
      later();
      assert.equal(bench.warm({ parentId: 2 }), undefined);
      const second = await bench.mint({ parentId: 2 });
      assert.deepEqual([second.token.token, second.renewed], [first.token.token, false]);
      assert.notDeepEqual(second.token.witnesses, first.token.witnesses);
      assert.equal(bench.warm({ parentId: 3 }), first.token.token);
      assert.equal(bench.wishes.length, 1);
    });

    it("gives another token for a change that does, of the same size in place too", async () => {
      await bench.mint({ parentId: 1 });
      changeInPlace(bench.config);
      later();
      assert.equal(bench.warm({ parentId: 2 }), undefined);
      const second = await bench.mint({ parentId: 2 });
      assert.deepEqual([signer(second), second.renewed], [nth(2), false]);
      assert.equal(bench.warm({ parentId: 3 }), second.token.token);
    });

    it("keeps no files of one that is younger than two seconds, and settles with the next call", async () => {
      bench.clock.advance(Date.now() - bench.clock());
      const first = await bench.mint({ parentId: 1 });
      replaceFile(bench.config);
      const { mtimeMs } = fs.statSync(bench.config);
      bench.clock.advance(mtimeMs + 1999 - bench.clock());
      const young = await bench.mint({ parentId: 2 });
      assert.deepEqual([young.token.token, young.token.witnesses], [first.token.token, undefined]);
      assert.equal(bench.warm({ parentId: 3 }), undefined);
      bench.clock.advance(2);
      const settled = await bench.mint({ parentId: 3 });
      assert.equal(settled.token.token, first.token.token);
      assert.equal(bench.warm({ parentId: 4 }), first.token.token);
      assert.equal(bench.wishes.length, 1);
    });

    for (const [what, edit] of Object.entries({
      "a note": () => fs.appendFileSync(bench.config, "# a note\n"),
      "what decides": () => changeInPlace(bench.config),
    })) {
      it(`keeps no files when somebody writes ${what} while it is minted`, async () => {
        bench.during = async () => edit();
        const minted = await bench.mint({ parentId: 1 });
        assert.equal(minted.token.witnesses, undefined);
        assert.equal(bench.warm({ parentId: 2 }), undefined);
        bench.during = async () => undefined;
        later();
        const next = await bench.mint({ parentId: 2 });
        assert.equal(signer(next), nth(what === "a note" ? 1 : 2));
        assert.equal(bench.warm({ parentId: 3 }), next.token.token);
      });
    }

    it("goes back to what it was, and is minted again all the same", async () => {
      const before = fs.readFileSync(bench.config);
      await bench.mint({ parentId: 1 });
      changeInPlace(bench.config);
      later();
      await bench.mint({ parentId: 2 });
      fs.writeFileSync(bench.config, before);
      later();
      assert.equal(signer(await bench.mint({ parentId: 3 })), nth(3));
    });
  });

  describe("in a burst of calls from one client", () => {
    it("fetches fresh credentials once, for the second call, and says so", async () => {
      const first = await bench.mint();
      bench.clock.advance(100);
      assert.equal(bench.warm(), undefined);
      const second = await bench.mint();
      assert.deepEqual([second.renewed, signer(second)], [true, nth(2)]);
      assert.notEqual(second.token.token, first.token.token);
      bench.clock.advance(100);
      assert.equal(bench.warm(), second.token.token);
      assert.deepEqual(
        bench.wishes.map(({ fresh }) => fresh),
        [false, true],
      );
    });

    it("begins anew with the token of other credentials", async () => {
      await bench.mint();
      changeInPlace(bench.config);
      bench.clock.advance(4000);
      const second = await bench.mint();
      assert.deepEqual([second.renewed, bench.wishes.at(-1)?.fresh], [false, false]);
    });
  });

  describe("ends", () => {
    const lives = async () => (await bench.mint()).token.expires - bench.clock();

    it("after 14 minutes where nobody says when the credentials do", async () => {
      assert.equal(await lives(), 14 * MINUTE);
    });

    it("a minute before the credentials, and after 14 minutes at most", async () => {
      bench.credentialsLiveMs = 10 * MINUTE;
      assert.equal(await lives(), 9 * MINUTE);
      bench.credentialsLiveMs = 60 * MINUTE;
      bench.clock.advance(9 * MINUTE);
      assert.equal(await lives(), 14 * MINUTE);
    });

    for (const [profile, whose] of [
      ["dev", "of profile dev"],
      [undefined, "from the environment"],
    ] as const) {
      it(`before it begins, ${whose}, when the credentials do`, async () => {
        bench.credentialsLiveMs = MINUTE;
        await assert.rejects(bench.mint({ question: { profile } }), {
          code: "aws-credentials-ending",
          message: `The AWS credentials ${whose} are about to expire.`,
        });
        assert.deepEqual(fs.readdirSync(profilesFolder(bench.state)), []);
      });
    }
  });
});
