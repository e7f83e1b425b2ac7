import { reasonOf, VouchError } from "../../errors/errors.ts";
import { systemTimers } from "../../timers.ts";
import type { KeyDialog } from "../key-dialog.ts";
import { hidrawKeys } from "./hidraw.ts";
import { type LinuxPlace, unseenHint } from "./key-access.ts";
import { loadNodeHid, type NodeHid, nodeHidKeys } from "./node-hid.ts";
import type { SecurityKeys } from "./security-keys.ts";

const LINUX = { timers: systemTimers, sysRoot: "/sys/class/hidraw", devRoot: "/dev" };

/** Source: CTAP.md, "Windows". */
const WINDOWS_HINT =
  "Install kubectl-vouch from its Windows archive: with its vouch-webauthn.exe, a login does not require an administrator. Or run `kubectl vouch login` in a terminal started as administrator.";

interface SystemSecurityKeysOptions {
  readonly platform: NodeJS.Platform;
  /** Where we run, on Linux. */
  readonly place?: LinuxPlace | undefined;
  /** The dialog of Windows, if its helper is installed. */
  readonly dialog?: KeyDialog | undefined;
  /** For tests: another way to load the addon, and other files. */
  readonly load?: () => Promise<NodeHid>;
  readonly plainFiles?: SecurityKeys;
}

/** The keys plugged into this machine: on Linux through the kernel's files, elsewhere through node-hid. */
export function systemSecurityKeys(options: SystemSecurityKeysOptions): SecurityKeys {
  const {
    platform,
    place,
    dialog,
    load = loadNodeHid,
    plainFiles = hidrawKeys({ ...LINUX, place }),
  } = options;
  if (platform === "linux") return { ...plainFiles, missingHint: place && unseenHint(place) };
  let loaded: Promise<SecurityKeys> | undefined;
  const keys = () => {
    loaded ??= loadedKeys(load);
    return loaded;
  };
  return {
    dialog,
    missingHint: platform === "win32" ? WINDOWS_HINT : undefined,
    list: async () => (await keys()).list(),
    open: async (key) => (await keys()).open(key),
  };
}

async function loadedKeys(load: () => Promise<NodeHid>): Promise<SecurityKeys> {
  try {
    const keys = nodeHidKeys(await load());
    // The addon itself is loaded on the first call.
    await keys.list();
    return keys;
  } catch (error) {
    throw new VouchError("security-key-failed", `Cannot load the security key library: ${reasonOf(error)}`, {
      cause: error,
      hint: "Reinstall kubectl-vouch: `kubectl krew upgrade vouch`.",
    });
  }
}
