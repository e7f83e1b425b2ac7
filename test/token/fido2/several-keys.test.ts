import assert from "node:assert/strict";
import type { AssertionOptions } from "../../../token/fido2/assertion.ts";
import type { TouchOutcome } from "../../lab/key/soft-consent.ts";
import {
  type SoftKeyProfile,
  U2F_ONLY,
  YUBIKEY_5_1,
  YUBIKEY_5_4_3,
  YUBIKEY_5_7_1,
} from "../../lab/key/soft-key-profiles.ts";
import type { SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { softSecurityKeys } from "../../lab/key/soft-security-keys.ts";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";
import { type KeyBenchOptions, keyBench } from "./key-bench.ts";
import { verified } from "./verified.ts";

const FRESH = { attemptsLeft: undefined, retry: false, problem: undefined };
const never = () => new Promise<TouchOutcome>(() => {});
const holdsNothing = (state: SoftKeyState) => void Object.assign(state, { credentials: [] });

/** Keys that are plugged in at once; the person is the first one's. Counts how many are open. */
function together(...all: readonly (Partial<KeyBenchOptions> & { readonly profile: SoftKeyProfile })[]) {
  const timers = virtualTimers();
  const benches = all.map((one) => keyBench({ ...one, timers }));
  const [first] = benches;
  assert.ok(first);
  const present = softSecurityKeys({ keys: benches.map(({ key }) => key) });
  let open = 0;
  const keys: AssertionOptions["keys"] = {
    ...present,
    open: async (info) => {
      const pipe = await present.open(info);
      open += 1;
      const close = () => {
        open -= 1;
        return pipe.close();
      };
      return { listen: pipe.listen, write: pipe.write, close };
    },
  };
  return { ...first, benches, login: () => first.login({ keys }), open: () => open };
}

describe("several security keys at once", () => {
  it("are no question where only one holds a credential", async () => {
    const { login, benches, said, open } = together(
      { profile: YUBIKEY_5_1, change: holdsNothing },
      { profile: YUBIKEY_5_7_1 },
    );
    const assertion = await login();
    assert.ok(benches[1] && verified(assertion, benches[1].enrolled));
    assert.deepEqual({ said, open: open() }, { said: ["touch"], open: 0 });
  });

  it("are no question where none holds a credential", async () => {
    const empty = { profile: YUBIKEY_5_1, change: holdsNothing };
    const { login, said, asks, open } = together(empty, empty);
    await assert.rejects(login(), { code: "security-key-not-enrolled" });
    assert.deepEqual({ said, asks, open: open() }, { said: [], asks: [], open: 0 });
  });

  it("are no question where the other speaks no FIDO2", async () => {
    const { login, benches, said } = together({ profile: U2F_ONLY }, { profile: YUBIKEY_5_7_1 });
    assert.ok(benches[1] && verified(await login(), benches[1].enrolled));
    assert.deepEqual(said, ["touch"]);
  });

  for (const [what, other] of [
    ["of CTAP 2.1", YUBIKEY_5_7_1],
    ["of CTAP 2.0", YUBIKEY_5_4_3],
  ] as const) {
    for (const at of [0, 1]) {
      it(`are chosen by touch: number ${at + 1}, the other one ${what}`, async () => {
        const untouched = { profile: other, touch: never };
        const touched = { profile: YUBIKEY_5_7_1 };
        const { login, benches, said, ended, asks, open, timers } = together(
          ...(at === 0 ? [touched, untouched] : [untouched, touched]),
        );
        const [chosen, left] = at === 0 ? benches : benches.toReversed();
        assert.ok(chosen && left && verified(await login(), chosen.enrolled));
        assert.deepEqual(
          { said, ended, asks, open: open() },
          { said: ["choose", "touch"], ended: ["choose", "touch"], asks: [FRESH], open: 0 },
        );
        assert.equal(left.state.current.pinRetries, 8, "no try is spent on the one that was not chosen");
        assert.ok(timers.now() < 5000, "the other one is told to stop, and not waited for");
      });
    }
  }

  it("of CTAP 2.0 are chosen by the touch of a request that makes nothing", async () => {
    const { login, benches } = together({ profile: YUBIKEY_5_4_3, touch: never }, { profile: YUBIKEY_5_1 });
    assert.ok(benches[1] && verified(await login(), benches[1].enrolled));
    assert.equal(benches[1].state.current.credentials.length, 1);
  });

  it("of which none is touched end as one that is not touched", async () => {
    const { login, said, ended, open, asks } = together(
      { profile: YUBIKEY_5_7_1, touch: never },
      { profile: YUBIKEY_5_4_3, touch: never },
    );
    await assert.rejects(login(), { code: "security-key-untouched" });
    assert.deepEqual(
      { said, ended, open: open(), asks },
      { said: ["choose"], ended: ["choose"], open: 0, asks: [] },
    );
  });

  it("are let go of when the person breaks off", async () => {
    const { login, abort, timers, open } = together(
      { profile: YUBIKEY_5_7_1, touch: never },
      { profile: YUBIKEY_5_7_1, touch: never },
    );
    timers.after(2000, () => abort.abort());
    await assert.rejects(login(), { code: "interrupted" });
    assert.equal(open(), 0);
  });

  it("of which one is unplugged during the choice leave the other", async () => {
    const { login, benches, timers } = together(
      { profile: YUBIKEY_5_7_1, touch: never },
      {
        profile: YUBIKEY_5_7_1,
        touch: () => new Promise((resolve) => timers.after(4000, () => resolve("touched"))),
      },
    );
    timers.after(2000, () => benches[0]?.key.unplug());
    assert.ok(benches[1] && verified(await login(), benches[1].enrolled));
  });
});

describe("a key that holds no credential of the server", () => {
  const refusal = (profile: SoftKeyProfile) => ({
    code: "security-key-not-enrolled",
    message: `${profile.name} does not contain a credential for vouch.example.test.`,
  });

  it("says so before the PIN is asked for, where it hides none", async () => {
    const { login, asks, said } = keyBench({ profile: YUBIKEY_5_1, change: holdsNothing });
    await assert.rejects(login(), refusal(YUBIKEY_5_1));
    assert.deepEqual({ asks, said }, { asks: [], said: [] });
  });

  it("says so after the PIN and before a touch, where it may hide some", async () => {
    const { login, asks, said } = keyBench({ profile: YUBIKEY_5_7_1, change: holdsNothing });
    await assert.rejects(login(), refusal(YUBIKEY_5_7_1));
    assert.deepEqual({ asks, said }, { asks: [FRESH], said: [] });
  });
});
