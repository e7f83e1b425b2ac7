import assert from "node:assert/strict";
import { CtapHid } from "../../../../token/fido2/hid/ctap-hid.ts";
import { virtualTimers } from "../../../lab/key/virtual-timers.ts";
import {
  BROADCAST,
  CANCEL,
  CBOR,
  CHANNEL,
  ERROR,
  type HostMessage,
  INIT,
  KEEPALIVE,
  ScriptedPipe,
} from "../scripted-pipe.ts";

type Script = (message: HostMessage, pipe: ScriptedPipe) => void;

interface Bench {
  readonly pipe: ScriptedPipe;
  readonly timers: ReturnType<typeof virtualTimers>;
  readonly abort: AbortController;
  readonly busy: number[];
  readonly open: () => Promise<CtapHid>;
}

/** A key that answers INIT by itself and leaves the rest to the script. */
function bench(script: Script): Bench {
  const pipe = new ScriptedPipe((message, at) =>
    message.command === INIT ? at.answerInit(message) : script(message, at),
  );
  return benchOf(pipe);
}

function benchOf(pipe: ScriptedPipe): Bench {
  const timers = virtualTimers();
  const abort = new AbortController();
  const busy: number[] = [];
  const onBusy = () => busy.push(Math.round(timers.now()));
  return {
    pipe,
    timers,
    abort,
    busy,
    open: () => CtapHid.open(pipe, { timers, signal: abort.signal, onBusy }),
  };
}

const ok = Buffer.from([0x00]);
const request = { command: CBOR, payload: Buffer.from([0x04]) };
const commands = (pipe: ScriptedPipe) => pipe.sent.map(({ cid, command }) => ({ cid, command }));

describe("CtapHid", () => {
  describe("opening a channel", () => {
    it("takes the channel and the capabilities that answer its own nonce", async () => {
      const pipe = new ScriptedPipe((message, at) => {
        if (message.command === CBOR) {
          at.answer(message.cid, CBOR, ok);
          return;
        }
        at.answerInit(message, { nonce: Buffer.alloc(8, 0xee), channel: 0x666 });
        at.answer(BROADCAST, INIT, message.payload);
        at.answer(BROADCAST, ERROR, Buffer.from([0x03]));
        at.answerInit(message);
      });
      const hid = await benchOf(pipe).open();
      assert.equal(hid.speaksCbor, true);
      await hid.send(request);
      assert.deepEqual(pipe.sent.at(-1), { cid: CHANNEL, ...request });
    });

    it("uses a new nonce each time", async () => {
      const { pipe, open } = bench(() => {});
      await open();
      await open();
      assert.notDeepEqual(pipe.sent[0]?.payload, pipe.sent[1]?.payload);
    });

    it("closes the pipe of a key that does not answer", async () => {
      const { pipe, open } = benchOf(new ScriptedPipe(() => {}));
      await assert.rejects(open(), {
        code: "security-key-failed",
        message: "The security key does not respond.",
      });
      assert.equal(pipe.closed, 1);
    });

    it("tells a key without the CBOR capability", async () => {
      const pipe = new ScriptedPipe(({ cid, payload }, at) =>
        at.answer(cid, INIT, Buffer.concat([payload, Buffer.from("00000a010204040501", "hex")])),
      );
      assert.equal((await benchOf(pipe).open()).speaksCbor, false);
    });

    for (const channel of ["00000000", "ffffffff"]) {
      it(`takes no ${channel} for a channel`, async () => {
        const pipe = new ScriptedPipe(({ cid, payload }, at) =>
          at.answer(cid, INIT, Buffer.concat([payload, Buffer.from(`${channel}0204040505`, "hex")])),
        );
        await assert.rejects(benchOf(pipe).open(), {
          code: "security-key-failed",
          message: "The security key assigned an invalid channel.",
        });
        assert.equal(pipe.closed, 1);
      });
    }

    it("waits while the key is busy with another program", async () => {
      let refusals = 3;
      const pipe = new ScriptedPipe((message, at) => {
        refusals -= 1;
        if (refusals >= 0) at.answer(BROADCAST, ERROR, Buffer.from([0x06]));
        else at.answerInit(message);
      });
      const { open, timers } = benchOf(pipe);
      await open();
      assert.equal(timers.now(), 300);
    });
  });

  describe("sending", () => {
    it("gives the payload of the answer and listens to keepalives before it", async () => {
      const { open } = bench(({ cid }, at) => {
        at.answer(cid, KEEPALIVE, Buffer.from([1]));
        at.answer(cid, KEEPALIVE, Buffer.from([2]));
        at.answer(cid, 0x01, Buffer.from([0xff]));
        at.answer(cid + 1, CBOR, Buffer.from([0xee]));
        at.answer(cid, CBOR, ok);
      });
      const statuses: number[] = [];
      const hid = await open();
      const answer = await hid.send(request, { onKeepalive: (status) => statuses.push(status) });
      assert.deepEqual({ answer, statuses }, { answer: ok, statuses: [1, 2] });
    });

    it("does not lose patience while keepalives come", async () => {
      const { open, timers } = bench(({ cid }, at) => {
        for (let ms = 100; ms < 40_000; ms += 100) {
          timers.after(ms, () => at.answer(cid, KEEPALIVE, Buffer.from([2])));
        }
        timers.after(40_000, () => at.answer(cid, CBOR, ok));
      });
      assert.deepEqual(await (await open()).send(request), ok);
    });

    it("fails after 5 s of silence, with the channel put in order", async () => {
      const { open, pipe, timers } = bench(() => {});
      const hid = await open();
      await assert.rejects(hid.send(request), {
        code: "security-key-failed",
        message: "The security key does not respond.",
      });
      assert.equal(timers.now(), 5000);
      assert.deepEqual(commands(pipe), [
        { cid: BROADCAST, command: INIT },
        { cid: CHANNEL, command: CBOR },
        { cid: CHANNEL, command: INIT },
      ]);
    });

    it("fails when the answer arrives out of order", async () => {
      const { open, pipe } = bench(({ cid }, at) => {
        const head = Buffer.from("00000000900078", "hex");
        head.writeUInt32BE(cid);
        at.report(head);
        head.writeUInt8(5, 4);
        at.report(head);
      });
      const hid = await open();
      await assert.rejects(hid.send(request), {
        code: "security-key-failed",
        message: "The security key's response arrived out of order.",
      });
      assert.deepEqual(commands(pipe).at(-1), { cid: CHANNEL, command: INIT });
    });

    for (const [status, code] of [
      [2, "security-key-untouched"],
      [1, "security-key-failed"],
    ] as const) {
      it(`gives up a key that sends keepalive ${status} for ever: ${code}`, async () => {
        const { open, timers } = bench(({ cid }, at) => {
          const again = () => {
            at.answer(cid, KEEPALIVE, Buffer.from([status]));
            if (timers.now() < 200_000) timers.after(100, again);
          };
          again();
        });
        const hid = await open();
        await assert.rejects(hid.send(request), { code });
        assert.equal(timers.now(), 90_000);
      });
    }

    it("sends no more of a message that was refused at its first report", async () => {
      const pipe = new ScriptedPipe((message, at) => {
        if (message.command === INIT) at.answerInit(message);
        else at.answer(message.cid, CBOR, ok);
      });
      const write = pipe.write;
      let refusals = 1;
      let further = 0;
      Object.assign(pipe, {
        write: async (report: Uint8Array) => {
          further += report[4] === undefined || report[4] & 0x80 ? 0 : 1;
          if (report[4] !== (0x80 | CBOR) || refusals === 0) return write(report);
          refusals -= 1;
          pipe.answer(CHANNEL, ERROR, Buffer.from([0x06]));
        },
      });
      const hid = await benchOf(pipe).open();
      const payload = Buffer.alloc(1000, 7);
      assert.deepEqual(await hid.send({ command: CBOR, payload }), ok);
      assert.deepEqual(
        { further, last: pipe.sent.at(-1) },
        { further: 16, last: { cid: CHANNEL, command: CBOR, payload } },
      );
    });

    it("passes on what a keepalive callback throws", async () => {
      const { open } = bench(({ cid }, at) => at.answer(cid, KEEPALIVE, Buffer.from([2])));
      const hid = await open();
      const onKeepalive = () => {
        throw new TypeError("terminal gone");
      };
      await assert.rejects(hid.send(request, { onKeepalive }), {
        name: "TypeError",
        message: "terminal gone",
      });
    });
  });

  describe("errors of the transport", () => {
    for (const code of [0x04, 0x05, 0x0b]) {
      const name = `0x${code.toString(16).padStart(2, "0")}`;
      it(`puts the channel in order after ${name} and sends once more`, async () => {
        let failures = 1;
        const { open, pipe } = bench(({ cid }, at) => {
          failures -= 1;
          at.answer(cid, failures >= 0 ? ERROR : CBOR, failures >= 0 ? Buffer.from([code]) : ok);
        });
        const hid = await open();
        assert.deepEqual(await hid.send(request), ok);
        assert.deepEqual(commands(pipe).slice(1), [
          { cid: CHANNEL, command: CBOR },
          { cid: code === 0x0b ? BROADCAST : CHANNEL, command: INIT },
          { cid: CHANNEL, command: CBOR },
        ]);
      });

      it(`does not send a third time after ${name}`, async () => {
        const { open, pipe } = bench(({ cid }, at) => at.answer(cid, ERROR, Buffer.from([code])));
        const hid = await open();
        await assert.rejects(hid.send(request), {
          code: "security-key-failed",
          message: `The security key returned transport error ${name}.`,
        });
        assert.equal(pipe.sent.filter(({ command }) => command === CBOR).length, 2);
      });
    }

    for (const code of [0x04, 0x05, 0x0b]) {
      it(`never sends a PIN twice, here after 0x${code.toString(16).padStart(2, "0")}`, async () => {
        const { open, pipe } = bench(({ cid }, at) => at.answer(cid, ERROR, Buffer.from([code])));
        const hid = await open();
        await assert.rejects(hid.send(request, { spendsTry: true }), { code: "security-key-failed" });
        assert.equal(pipe.sent.filter(({ command }) => command === CBOR).length, 1);
      });
    }

    for (const code of [0x06, 0x0a]) {
      it(`sends a PIN again to a key that was busy, and so did not look at it: 0x0${code.toString(16)}`, async () => {
        const answers = [code, code];
        const { open, pipe } = bench(({ cid }, at) => {
          const busy = answers.shift();
          if (busy === undefined) at.answer(cid, CBOR, Buffer.from([0]));
          else at.answer(cid, ERROR, Buffer.from([busy]));
        });
        const hid = await open();
        assert.deepEqual(await hid.send(request, { spendsTry: true }), Buffer.from([0]));
        assert.equal(pipe.sent.filter(({ command }) => command === CBOR).length, 3);
      });
    }

    it("never sends a PIN twice after silence", async () => {
      const { open, pipe } = bench(() => {});
      const hid = await open();
      await assert.rejects(hid.send(request, { spendsTry: true }), { code: "security-key-failed" });
      assert.equal(pipe.sent.filter(({ command }) => command === CBOR).length, 1);
    });

    it("takes an unknown command for no such key once it has answered", async () => {
      let count = 0;
      const { open } = bench(({ cid }, at) => {
        count += 1;
        at.answer(cid, count === 1 ? CBOR : ERROR, Buffer.from([count === 1 ? 0 : 0x01]));
      });
      const hid = await open();
      await hid.send(request);
      await assert.rejects(hid.send(request), { code: "security-key-failed", message: /0x01/ });
    });

    it("takes an unknown command for a key without FIDO2", async () => {
      const { open } = bench(({ cid }, at) => at.answer(cid, ERROR, Buffer.from([0x01])));
      const hid = await open();
      await assert.rejects(hid.send(request), { code: "security-key-unsupported" });
    });

    it("waits for a busy key, says so after 5 s and gives up after 30 s", async () => {
      const { open, busy, timers } = bench(({ cid }, at) => at.answer(cid, ERROR, Buffer.from([0x06])));
      const hid = await open();
      await assert.rejects(hid.send(request), { code: "security-key-busy" });
      assert.deepEqual({ busy, now: timers.now() }, { busy: [5000], now: 30_000 });
    });

    it("counts the waiting again after an answer", async () => {
      let answers = 0;
      const { open, busy } = bench(({ cid }, at) => {
        answers += 1;
        const done = answers % 40 === 0;
        at.answer(cid, done ? CBOR : ERROR, done ? ok : Buffer.from([0x06]));
      });
      const hid = await open();
      assert.deepEqual([await hid.send(request), await hid.send(request), busy], [ok, ok, []]);
    });
  });

  describe("interruption", () => {
    it("tells the key to cancel and waits for its word", async () => {
      const { open, pipe, abort, timers } = bench(({ cid, command }, at) => {
        if (command === CANCEL) timers.after(28, () => at.answer(cid, CBOR, Buffer.from([0x2d])));
        else timers.after(1000, () => abort.abort());
      });
      const hid = await open();
      await assert.rejects(hid.send(request), { code: "interrupted" });
      assert.deepEqual(commands(pipe).at(-1), { cid: CHANNEL, command: CANCEL });
      assert.equal(timers.now(), 1028);
    });

    it("does not wait longer than a second for it", async () => {
      const { open, abort, timers } = bench(({ cid, command }, at) => {
        if (command === CANCEL) timers.after(900, () => at.answer(cid, KEEPALIVE, Buffer.from([2])));
        else timers.after(1000, () => abort.abort());
      });
      const hid = await open();
      await assert.rejects(hid.send(request), { code: "interrupted" });
      assert.equal(timers.now(), 2000);
    });

    it("holds even when the touch came at the same moment", async () => {
      const { open, abort } = bench(({ cid, command }, at) => {
        if (command === CANCEL) at.answer(cid, CBOR, ok);
        else abort.abort();
      });
      const hid = await open();
      await assert.rejects(hid.send(request), { code: "interrupted" });
    });

    it("while a request is going out lets it go out whole, then cancels it", async () => {
      const { open, pipe, abort } = bench(({ cid, command }, at) => {
        if (command === CANCEL) at.answer(cid, CBOR, Buffer.from([0x2d]));
      });
      const write = pipe.write;
      const aborting = async (report: Uint8Array) => {
        if (report[4] === (0x80 | CBOR)) abort.abort();
        return write(report);
      };
      Object.assign(pipe, { write: aborting });
      const hid = await open();
      const payload = Buffer.alloc(200, 7);
      await assert.rejects(hid.send({ command: CBOR, payload }), { code: "interrupted" });
      assert.deepEqual(pipe.sent.slice(1), [
        { cid: CHANNEL, command: CBOR, payload },
        { cid: CHANNEL, command: CANCEL, payload: Buffer.alloc(0) },
      ]);
    });

    it("sends nothing when it came before", async () => {
      const { open, abort, pipe } = bench(() => {});
      const hid = await open();
      abort.abort();
      await assert.rejects(hid.send(request), { code: "interrupted" });
      assert.equal(pipe.sent.length, 1);
    });

    it("ends the wait for a busy key", async () => {
      const { open, abort, timers } = bench(({ cid }, at) => at.answer(cid, ERROR, Buffer.from([0x06])));
      const hid = await open();
      timers.after(2050, () => abort.abort());
      await assert.rejects(hid.send(request), { code: "interrupted" });
      assert.equal(timers.now(), 2050);
    });

    it("ends the wait for a channel, without CANCEL on broadcast", async () => {
      const { open, abort, pipe, timers } = benchOf(new ScriptedPipe(() => {}));
      timers.after(50, () => abort.abort());
      await assert.rejects(open(), { code: "interrupted" });
      assert.deepEqual(commands(pipe), [{ cid: BROADCAST, command: INIT }]);
    });
  });

  describe("unplugging", () => {
    const unplugged = {
      code: "security-key-unplugged",
      message: "The security key was unplugged.",
    };

    it("ends a request that is under way", async () => {
      const { open } = bench((_, at) => at.unplug());
      const hid = await open();
      await assert.rejects(hid.send(request), unplugged);
    });

    it("ends the next request when it happens between two", async () => {
      const { open, pipe } = bench(() => {});
      const hid = await open();
      pipe.unplug();
      await assert.rejects(hid.send(request), unplugged);
    });
  });
});
