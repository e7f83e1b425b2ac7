import fs from "node:fs";

/** Between two requests for a channel, in milliseconds: closer than a key answers one. */
const PACE_MS = 3;
/**
 * Requests at once without an answer. The kernel holds 32 for a key behind /dev/uhid and drops the rest, anybody's (Linux,
 * drivers/hid/uhid.c, UHID_BUFSIZE); a key at a real bus only makes its host wait.
 */
const UNANSWERED = 8;
const BROADCAST = 0xffff_ffff;
/** What tells its answers from those to others. */
const NONCE = Buffer.from("stranger");
/** A key that is busy says so on the channel of whom it refuses. Source: token/fido2/CTAP.md, "CTAPHID errors". */
const COMMAND_AT = 4;
const ERROR = 0xbf;
/** Where the nonce and the new channel are in the answer to INIT. Source: token/fido2/CTAP.md, "CTAPHID commands". */
const ANSWER = { nonce: 7, channel: 15 };

/** Another program at the same key, which asks for one channel after the other and does nothing with them. */
export interface OtherProgram {
  /** How many it was given. */
  channels(): number;
  /** Reports for somebody who uses one of them. */
  strangers(): number;
  end(): void;
}

/** Every program at a key's file receives every report. */
export function openChannels(file: string): OtherProgram {
  const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
  const init = Buffer.concat([Buffer.from("00ffffffff860008", "hex"), NONCE], 65);
  const channels = new Set<number>();
  let strangers = 0;
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered < UNANSWERED) {
      fs.writeSync(fd, init);
      unanswered += 1;
    }
    for (const report of reportsOf(fd)) {
      const channel = report.readUInt32BE(0);
      const isError = report[COMMAND_AT] === ERROR;
      const isOurs = report.subarray(ANSWER.nonce, ANSWER.channel).equals(NONCE);
      if (channel === BROADCAST && (isOurs || isError)) unanswered -= 1;
      if (channel === BROADCAST && isOurs) channels.add(report.readUInt32BE(ANSWER.channel));
      else if (channels.has(channel)) strangers += 1;
    }
  }, PACE_MS);
  return {
    channels: () => channels.size,
    strangers: () => strangers,
    end() {
      clearInterval(timer);
      fs.closeSync(fd);
    },
  };
}

/** All that have arrived. */
function* reportsOf(fd: number): Generator<Buffer> {
  for (;;) {
    const report = Buffer.alloc(64);
    try {
      fs.readSync(fd, report);
    } catch {
      return;
    }
    yield report;
  }
}
