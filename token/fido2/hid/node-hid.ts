import type { Device } from "node-hid";
import { keyOpenError } from "./key-access.ts";
import {
  FIDO_USAGE,
  FIDO_USAGE_PAGE,
  type HidPipe,
  type PipeListener,
  type SecurityKeyInfo,
  type SecurityKeys,
} from "./security-keys.ts";

/** The part of an open node-hid device that we use. */
interface OpenDevice {
  on(event: "data", listener: (report: Buffer) => void): unknown;
  /** The error arrives as a string. */
  on(event: "error", listener: (error: unknown) => void): unknown;
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** The part of node-hid that we use. */
export interface NodeHid {
  devicesAsync(): Promise<Device[]>;
  readonly HIDAsync: { open(path: string, options: { readonly nonExclusive: boolean }): Promise<OpenDevice> };
}

/** Loads the addon, only for a login. */
export async function loadNodeHid(): Promise<NodeHid> {
  const { default: nodeHid } = await import("node-hid");
  return nodeHid;
}

/**
 * Security keys through node-hid.
 *
 * Only the asynchronous class is used, and never its `read`: that shares a queue with `write`, so that CANCEL would wait for the
 * touch (CTAP.md, "node-hid").
 */
export function nodeHidKeys(nodeHid: NodeHid): SecurityKeys {
  return {
    async list() {
      return (await nodeHid.devicesAsync()).flatMap(fidoKey);
    },
    async open(key) {
      try {
        return new NodeHidPipe(await nodeHid.HIDAsync.open(key.path, { nonExclusive: true }));
      } catch (error) {
        throw keyOpenError(key.path, error);
      }
    },
  };
}

/**
 * Recognised by usage page alone: vendor and product ids also match the keyboard interfaces of the same key (CTAP.md, "Devices").
 */
function fidoKey(device: Device): SecurityKeyInfo[] {
  const { path, usagePage, usage, manufacturer, product } = device;
  if (path === undefined || usagePage !== FIDO_USAGE_PAGE || usage !== FIDO_USAGE) {
    return [];
  }
  const name = [manufacturer, product].filter(Boolean).join(" ").trim();
  return [{ path, name: name || "The security key" }];
}

class NodeHidPipe implements HidPipe {
  readonly #device: OpenDevice;
  #closed = false;

  constructor(device: OpenDevice) {
    this.#device = device;
  }

  readonly listen = (listener: PipeListener): void => {
    this.#device.on("error", (error) =>
      listener.error(error instanceof Error ? error : new Error(String(error))),
    );
    this.#device.on("data", (report) => listener.report(report));
  };

  readonly write = async (report: Uint8Array): Promise<void> => {
    await this.#device.write(Buffer.concat([Buffer.from([0]), report]));
  };

  readonly close = async (): Promise<void> => {
    if (!this.#closed) {
      this.#closed = true;
      await this.#device.close();
    }
  };
}
