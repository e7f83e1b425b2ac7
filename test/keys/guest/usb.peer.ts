/**
 * A guest with a security key on its USB bus, beside a keyboard in one device as a YubiKey is: FIDO is /dev/hidraw1 there.
 * Needs what uhid.peer.ts needs.
 */
import { guestSuite } from "./guest-suite.ts";

describe("a security key on the USB bus", () => {
  guestSuite("usb", "full");
});
