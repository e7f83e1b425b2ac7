import fs from "node:fs";
import path from "node:path";
import { codeOf } from "../../errors/errors.ts";
import { namesIn } from "../../files/folders.ts";
import { readPlainFile } from "../../files/plain-file.ts";
import type { Timers } from "../../timers.ts";
import { keyOpenError, type LinuxPlace, requireKeyAccess } from "./key-access.ts";
import {
  type HidPipe,
  isFidoDescriptor,
  type PipeListener,
  REPORT_SIZE,
  type SecurityKeyInfo,
  type SecurityKeys,
} from "./security-keys.ts";

/** The interval at which we poll for reports, in milliseconds. Source: CTAP.md, "Plain hidraw files". */
const POLL_MS = 5;

/** The largest kernel file that we read, in bytes. Source: Linux, hid.h, `HID_MAX_DESCRIPTOR_SIZE` (4096). */
const MAX_SYS_BYTES = 16 * 1024;

/** The file calls used for a key; Node's, unless a test plays the kernel. */
export type HidrawIo = Pick<typeof fs, "accessSync" | "openSync" | "readSync" | "writeSync" | "closeSync">;

interface HidrawOptions {
  readonly timers: Timers;
  /** Where the kernel lists its HID devices: `/sys/class/hidraw`. */
  readonly sysRoot: string;
  /** Where their files are: `/dev`. */
  readonly devRoot: string;
  readonly place?: LinuxPlace | undefined;
  readonly io?: HidrawIo;
}

/**
 * Linux security keys as plain files, without a native addon.
 *
 * Reading is polled: Node cannot wait on such a file, and a blocking read would keep the process from ending
 * (CTAP.md, "Plain hidraw files").
 */
export function hidrawKeys(options: HidrawOptions): SecurityKeys {
  return {
    async list() {
      // If there is no such folder, there are no keys: a container, or a kernel without HID.
      return namesIn(options.sysRoot)
        .sort()
        .flatMap((name) => fidoKey(name, options));
    },
    async open(key) {
      const { timers, place, io = fs } = options;
      requireKeyAccess(key.path, { place, access: io.accessSync });
      return openHidraw(key.path, timers, io);
    },
  };
}

/** The device as a key, if it is one; a device that vanishes meanwhile is not listed. */
function fidoKey(name: string, { sysRoot, devRoot }: HidrawOptions): SecurityKeyInfo[] {
  const device = path.join(sysRoot, name, "device");
  try {
    const descriptor = readPlainFile(path.join(device, "report_descriptor"), MAX_SYS_BYTES);
    if (descriptor === undefined || !isFidoDescriptor(descriptor.bytes)) return [];
    const uevent = readPlainFile(path.join(device, "uevent"), MAX_SYS_BYTES);
    if (uevent === undefined) return [];
    const title = /^HID_NAME=(.+)$/m.exec(uevent.bytes.toString("utf8"))?.[1]?.trim();
    return [{ path: path.join(devRoot, name), name: title || "The security key" }];
  } catch {
    return [];
  }
}

function openHidraw(file: string, timers: Timers, io: HidrawIo): HidPipe {
  let fd: number;
  try {
    fd = io.openSync(file, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
  } catch (error) {
    throw keyOpenError(file, error);
  }
  return new HidrawPipe(fd, timers, io);
}

class HidrawPipe implements HidPipe {
  #fd: number | undefined;
  readonly #timers: Timers;
  readonly #io: HidrawIo;
  #stop = () => {};

  constructor(fd: number, timers: Timers, io: HidrawIo) {
    this.#fd = fd;
    this.#timers = timers;
    this.#io = io;
  }

  readonly listen = (listener: PipeListener): void => {
    this.#stop = this.#timers.after(POLL_MS, () => {
      const error = this.#readAll(listener);
      if (error !== undefined) {
        listener.error(error);
      } else if (this.#fd !== undefined) {
        this.listen(listener);
      }
    });
  };

  readonly write = async (report: Uint8Array): Promise<void> => {
    if (this.#fd === undefined) {
      throw new Error("the key is closed");
    }
    const written = this.#io.writeSync(this.#fd, Buffer.concat([Buffer.from([0]), report]));
    if (written !== report.length + 1) {
      throw new Error(`the key accepted ${written} of ${report.length + 1} bytes`);
    }
  };

  readonly close = async (): Promise<void> => {
    this.#stop();
    if (this.#fd !== undefined) {
      const fd = this.#fd;
      this.#fd = undefined;
      this.#io.closeSync(fd);
    }
  };

  /** Delivers all available reports; returns the error that ended the pipe, if any. */
  #readAll(listener: PipeListener): Error | undefined {
    while (this.#fd !== undefined) {
      const report = Buffer.alloc(REPORT_SIZE);
      try {
        if (this.#io.readSync(this.#fd, report, 0, REPORT_SIZE, null) === 0) {
          return new Error("unexpected end of file on the key's device");
        }
      } catch (error) {
        return codeOf(error) === "EAGAIN"
          ? undefined
          : new Error("the key's file cannot be read", { cause: error });
      }
      listener.report(report);
    }
    return undefined;
  }
}
