import assert from "node:assert/strict";
import net from "node:net";
import path from "node:path";
import { busToRecord, sessionBus } from "../../../token/keystore/session-bus.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("sessionBus", () => {
  const folder = tempFolder();
  const ownerId = process.getuid?.() ?? 0;
  const choose = (env: Record<string, string>, recorded?: string) => sessionBus({ env, recorded, ownerId });
  const usual = `unix:path=/run/user/${ownerId}/bus`;
  let server: net.Server;
  let socket = "";
  beforeEach(async () => {
    socket = path.join(folder(), "bus");
    server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it("is the system's usual one when nobody says, so that nothing is started for it", () => {
    assert.equal(choose({}), usual);
    assert.equal(choose({}, "unix:abstract=/tmp/x"), "unix:abstract=/tmp/x");
  });

  it("is a socket of one's own that the environment names", () => {
    assert.equal(
      choose({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket},guid=0a` }),
      `unix:path=${socket},guid=0a`,
    );
    assert.equal(choose({ XDG_RUNTIME_DIR: folder() }), `unix:path=${socket}`);
    assert.equal(
      choose({ DBUS_SESSION_BUS_ADDRESS: `tcp:host=x,port=1;unix:path=${socket}` }),
      `unix:path=${socket}`,
    );
  });

  it("is none of somebody else's", () => {
    const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
    assert.equal(
      sessionBus({ env, recorded: undefined, ownerId: ownerId + 1 }),
      `unix:path=/run/user/${ownerId + 1}/bus`,
    );
  });

  for (const address of [
    "unixexec:path=/bin/sh,argv1=-c,argv2=id",
    "autolaunch:",
    "tcp:host=127.0.0.1,port=1",
    "nonce-tcp:host=127.0.0.1,port=1,noncefile=/x",
    "unix:abstract=/tmp/evil",
    "unix:tmpdir=/tmp",
    "unix:path=/etc/passwd",
    "unix:path=%ZZ",
    "",
    ";",
  ])
    it(`does not follow ${JSON.stringify(address)}`, () =>
      assert.equal(choose({ DBUS_SESSION_BUS_ADDRESS: address }), usual));

  it("is recorded at login where it is on this machine", () => {
    assert.equal(
      busToRecord({ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/x,guid=0a" }),
      "unix:abstract=/tmp/x,guid=0a",
    );
    for (const address of [
      "tcp:host=x,port=1",
      "unixexec:path=/bin/sh",
      "unix:path=/a;unixexec:path=/bin/sh",
      "",
    ])
      assert.equal(busToRecord({ DBUS_SESSION_BUS_ADDRESS: address }), undefined);
  });
});
