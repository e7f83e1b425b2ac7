import fs from "node:fs";
import path from "node:path";
import { FIDO_DESCRIPTOR, type KeyPort, type PortListener, YUBICO } from "./port.ts";

const GADGET = "/sys/kernel/config/usb_gadget/key";
/** The device side of the machine's own USB bus, without a cable. */
const CONTROLLER = "dummy_udc.0";
/** Interface 1 of the gadget; interface 0 is the keyboard. */
const FIDO_FILE = "/dev/hidg1";
/** A keyboard as it is known before there is a system. Source: HID 1.11, appendix B.1. */
const KEYBOARD_DESCRIPTOR = Buffer.from(
  "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0",
  "hex",
);

/** Functions of the gadget in configfs. Source: Linux, Documentation/usb/gadget_configfs.rst and gadget_hid.rst. */
const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>> = {
  "hid.usb0": { protocol: "1", subclass: "1", report_length: "8", report_desc: KEYBOARD_DESCRIPTOR },
  "hid.usb1": { report_length: "64", report_desc: FIDO_DESCRIPTOR },
};

let fidoFile: number | undefined;

/** Plugs a key in as a USB device with two interfaces, as a YubiKey has them: a keyboard for codes, then FIDO. */
export function plugUsb(listener: PortListener): KeyPort {
  if (!fs.existsSync(GADGET)) makeGadget();
  fs.writeFileSync(path.join(GADGET, "UDC"), CONTROLLER);
  let plugged = true;
  // One open file lives through unplugging: its read stays pending, and Node cannot take it back.
  const isNew = fidoFile === undefined;
  fidoFile ??= fs.openSync(FIDO_FILE, fs.constants.O_RDWR);
  const fd = fidoFile;
  hearing = listener;
  if (isNew) readOn(fd);

  // One write after the other, none on the main thread: each waits until the host has polled.
  let written: Promise<void> = Promise.resolve();
  const write = (report: Uint8Array) =>
    new Promise<void>((resolve) => {
      if (plugged) fs.write(fd, report, () => resolve());
      else resolve();
    });
  return {
    send(report) {
      written = written.then(() => write(report));
    },
    unplug() {
      plugged = false;
      fs.writeFileSync(path.join(GADGET, "UDC"), "\n");
    },
  };
}

let hearing: PortListener | undefined;

/** The host's driver takes the report id off, so that only a wrong length shows here. */
function readOn(fd: number): void {
  const bytes = Buffer.alloc(128);
  fs.read(fd, bytes, 0, bytes.length, null, (error, size) => {
    if (error !== null) throw error;
    const read = bytes.subarray(0, size);
    if (size === 64) hearing?.report(read);
    else hearing?.malformed(`a report has 64 bytes, not ${size}`);
    readOn(fd);
  });
}

function makeGadget(): void {
  fs.mkdirSync(GADGET);
  const write = (file: string, value: string | Buffer) => fs.writeFileSync(path.join(GADGET, file), value);
  write("idVendor", `0x${YUBICO.toString(16)}`);
  write("idProduct", "0x0407");
  write("bcdDevice", "0x0571");
  write("bcdUSB", "0x0200");
  for (const folder of ["strings/0x409", "configs/c.1"]) fs.mkdirSync(path.join(GADGET, folder));
  write("strings/0x409/manufacturer", "Yubico");
  write("strings/0x409/product", "YubiKey OTP+FIDO+CCID");
  for (const [name, values] of Object.entries(FUNCTIONS)) {
    fs.mkdirSync(path.join(GADGET, "functions", name));
    for (const [file, value] of Object.entries(values)) write(`functions/${name}/${file}`, value);
    fs.symlinkSync(path.join(GADGET, "functions", name), path.join(GADGET, "configs/c.1", name));
  }
}
