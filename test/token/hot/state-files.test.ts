import assert from "node:assert/strict";
import {
  currentFile,
  markFile,
  marksFolder,
  sessionFolder,
  stateFolder,
  tokenFile,
} from "../../../token/hot/state-files.ts";

describe("stateFolder", () => {
  const cases: readonly (readonly [Record<string, string>, boolean, string | undefined])[] = [
    [{ HOME: "/home/ada" }, false, "/home/ada/.local/state/kubectl-vouch"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "/srv/state" }, false, "/srv/state/kubectl-vouch"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "state" }, false, "/home/ada/.local/state/kubectl-vouch"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "" }, false, "/home/ada/.local/state/kubectl-vouch"],
    [{ HOME: "home" }, false, undefined],
    [{}, false, undefined],
    [{ HOME: "/home/ada", LOCALAPPDATA: "C:\\Local" }, true, "C:\\Local\\kubectl-vouch"],
    [{ HOME: "/home/ada" }, true, undefined],
  ];
  for (const [env, isWindows, folder] of cases) {
    it(`is ${folder} with ${JSON.stringify(env)}${isWindows ? " on Windows" : ""}`, () => {
      assert.equal(
        stateFolder((name) => env[name], isWindows),
        folder,
      );
    });
  }
});

describe("the files of the state folder", () => {
  it("lie where login, logout and the hot path look for them", () => {
    assert.equal(currentFile("/s"), "/s/current.json");
    assert.equal(sessionFolder("/s", "id"), "/s/sessions/id");
    assert.equal(tokenFile(sessionFolder("/s", "id"), "bf9cf968"), "/s/sessions/id/token-bf9cf968.json");
    assert.equal(marksFolder("/s"), "/s/marks");
    assert.equal(markFile("/s", "bf9cf968"), "/s/marks/bf9cf968.json");
  });
});
