import assert from "node:assert/strict";
import { answerWarm } from "../../../token/hot/answer.ts";
import { HOT_CASES, NOON_TABLE, TOKEN } from "../../support/hot-cases.ts";
import { fakeHost } from "../../support/hot-host.ts";

const { markFile: MARK_FILE, situation, marksAfter } = NOON_TABLE;

describe("the warm answer", () => {
  for (const hotCase of HOT_CASES) {
    it(`${hotCase.answers ? "answers" : "leaves to the full program"}: ${hotCase.name}`, () => {
      const host = fakeHost(situation(hotCase));
      assert.equal(answerWarm(host), hotCase.answers);
      assert.equal(host.printed.length, hotCase.answers ? 1 : 0);
      assert.equal(host.files.get(MARK_FILE)?.text, marksAfter(hotCase));
    });
  }

  it("prints one ExecCredential of the version that is asked for", () => {
    const host = fakeHost(
      situation({
        name: "",
        answers: true,
        env: {
          KUBERNETES_EXEC_INFO:
            '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}',
        },
      }),
    );
    answerWarm(host);
    assert.deepEqual(host.printed, [
      `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"${TOKEN}"}}\n`,
    ]);
  });

  it("answers a process once, and leaves the second call within 5 s to the full program", () => {
    const host = fakeHost(situation({ name: "", answers: true }));
    assert.equal(answerWarm(host), true);
    assert.equal(answerWarm(host), false);
    assert.deepEqual(host.written, [MARK_FILE]);
  });

  it("answers other processes in the same moment, and none of them twice", () => {
    const host = fakeHost(situation({ name: "", answers: true }));
    const parents = [100, 101, 102];
    const answers = () => parents.map((parentId) => answerWarm({ ...host, parentId: () => parentId }));
    assert.deepEqual(answers(), [true, true, true]);
    assert.deepEqual(answers(), [false, false, false]);
    assert.deepEqual(host.written, [MARK_FILE, MARK_FILE, MARK_FILE]);
  });
});
