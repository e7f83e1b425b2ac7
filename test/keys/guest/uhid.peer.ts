/**
 * A guest whose kernel has a security key behind /dev/uhid: our client, and libfido2's tools, at its true /dev/hidraw0.
 * Needs QEMU, busybox, libusb and fido2-tools, and apt for the kernel (fetched once); a step of CI of its own.
 */
import { guestSuite } from "./guest-suite.ts";

describe("a security key at /dev/hidraw0", () => {
  guestSuite("uhid", "cloud");
});
