import assert from "node:assert/strict";
import { type Folders, ourFolders } from "../../../token/files/folders.ts";
import { stateFolder } from "../../../token/hot/state-files.ts";
import { onPosix } from "../../support/platform.ts";

const ADA = "/home/ada";
const DEFAULT: Folders = {
  state: "/home/ada/.local/state/kubectl-vouch",
  config: "/home/ada/.config/kubectl-vouch",
  keys: "/home/ada/.local/share/kubectl-vouch/keys",
};

interface FolderCase {
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  readonly expected: Folders;
}

const UNIX: readonly FolderCase[] = [
  { what: "an empty environment", env: {}, expected: DEFAULT },
  {
    what: "XDG folders",
    env: { XDG_STATE_HOME: "/x/state", XDG_CONFIG_HOME: "/x/config/", XDG_DATA_HOME: "/x/data" },
    expected: {
      state: "/x/state/kubectl-vouch",
      config: "/x/config/kubectl-vouch",
      keys: "/x/data/kubectl-vouch/keys",
    },
  },
  {
    what: "empty XDG folders",
    env: { XDG_STATE_HOME: "", XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" },
    expected: DEFAULT,
  },
  {
    what: "relative XDG folders, which do not count",
    env: { XDG_STATE_HOME: "state", XDG_CONFIG_HOME: "./config", XDG_DATA_HOME: "~/data" },
    expected: DEFAULT,
  },
  { what: "a relative HOME, which does not count", env: { HOME: "ada" }, expected: DEFAULT },
  {
    what: "variables of Windows, which do not count",
    env: { LOCALAPPDATA: "C:\\Local", APPDATA: "C:\\Roaming" },
    expected: DEFAULT,
  },
];

describe("ourFolders", () => {
  for (const { what, env, expected } of UNIX) {
    for (const platform of ["linux", "darwin"] as const) {
      onPosix("paths", `are the same on ${platform} with ${what}`, () => {
        assert.deepEqual(ourFolders({ env, platform, homeDir: ADA }), expected);
      });
    }
  }

  it("are in the folders of Windows for applications", () => {
    const env = { LOCALAPPDATA: "D:\\Local", APPDATA: "D:\\Roaming", XDG_STATE_HOME: "/x" };
    assert.deepEqual(ourFolders({ env, platform: "win32", homeDir: "C:\\Users\\ada" }), {
      state: "D:\\Local\\kubectl-vouch",
      config: "D:\\Roaming\\kubectl-vouch",
      keys: "D:\\Local\\kubectl-vouch\\keys",
    });
  });

  it("are below the home of Windows without its variables", () => {
    assert.deepEqual(ourFolders({ env: {}, platform: "win32", homeDir: "C:\\Users\\ada" }), {
      state: "C:\\Users\\ada\\AppData\\Local\\kubectl-vouch",
      config: "C:\\Users\\ada\\AppData\\Roaming\\kubectl-vouch",
      keys: "C:\\Users\\ada\\AppData\\Local\\kubectl-vouch\\keys",
    });
  });

  it("have the state where the hot path looks for it", () => {
    for (const { env } of UNIX) {
      const seen: Record<string, string> = { HOME: ADA, ...env };
      const hot = stateFolder((name) => seen[name], false);
      if (hot !== undefined) assert.equal(ourFolders({ env, platform: "linux", homeDir: ADA }).state, hot);
    }
  });
});
