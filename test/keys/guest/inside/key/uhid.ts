import fs from "node:fs";
import { reasonOf } from "../../../../../token/errors/errors.ts";
import { bareReport } from "../../../../lab/key/soft-hidraw.ts";
import { FIDO_DESCRIPTOR, type KeyPort, type PortListener, YUBICO } from "./port.ts";

/** Source: Linux, include/uapi/linux/uhid.h. */
const EVENT = { destroy: 1, output: 6, create2: 11, input2: 12 };
/** The type, and the largest of the structures that follow it, packed. */
const EVENT_SIZE = 4 + 4372;
/** Members of the structures, counted from the event's beginning. */
const CREATE2 = {
  name: 4,
  uniq: 196,
  descriptorSize: 260,
  bus: 262,
  vendor: 264,
  product: 268,
  descriptor: 280,
};
const OUTPUT = { data: 4, size: 4 + 4096 };
const BUS_USB = 3;

/** Plugs a key in through /dev/uhid. The kernel hands on what a program wrote as it is, with the report id in front. */
export function plugUhid(name: string, listener: PortListener): KeyPort {
  const fd = fs.openSync("/dev/uhid", fs.constants.O_RDWR);
  fs.writeSync(fd, createEvent(name));
  let plugged = true;

  const read = () => {
    const event = Buffer.alloc(EVENT_SIZE);
    fs.read(fd, event, 0, EVENT_SIZE, null, (error) => {
      if (!plugged) {
        fs.closeSync(fd);
        return;
      }
      if (error !== null) throw error;
      if (event.readUInt32LE(0) === EVENT.output) hear(event, listener);
      read();
    });
  };
  read();

  return {
    send(report) {
      const event = Buffer.alloc(4 + 2 + report.length);
      event.writeUInt32LE(EVENT.input2, 0);
      event.writeUInt16LE(report.length, 4);
      event.set(report, 6);
      fs.writeSync(fd, event);
    },
    /** It also wakes the pending read. */
    unplug() {
      plugged = false;
      const event = Buffer.alloc(4);
      event.writeUInt32LE(EVENT.destroy, 0);
      fs.writeSync(fd, event);
    },
  };
}

function createEvent(name: string): Buffer {
  const event = Buffer.alloc(EVENT_SIZE);
  event.writeUInt32LE(EVENT.create2, 0);
  event.write(name, CREATE2.name, 127);
  event.write("SOFT0001", CREATE2.uniq, 63);
  event.writeUInt16LE(FIDO_DESCRIPTOR.length, CREATE2.descriptorSize);
  event.writeUInt16LE(BUS_USB, CREATE2.bus);
  event.writeUInt32LE(YUBICO, CREATE2.vendor);
  event.writeUInt32LE(0x0407, CREATE2.product);
  FIDO_DESCRIPTOR.copy(event, CREATE2.descriptor);
  return event;
}

function hear(event: Buffer, listener: PortListener): void {
  const size = event.readUInt16LE(OUTPUT.size);
  const bytes = event.subarray(OUTPUT.data, OUTPUT.data + size);
  let report: Uint8Array;
  try {
    report = bareReport(bytes);
  } catch (error) {
    listener.malformed(reasonOf(error));
    return;
  }
  listener.report(report);
}
