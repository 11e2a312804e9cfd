/**
 * How pushes are admitted: durably, or not.
 *
 * @module
 */

import { type Clock, SourceError } from "../core/mod.ts";
import type { Rejection, Source } from "../sources/mod.ts";
import { PUSHED } from "../store/mod.ts";
import type { Buyer } from "./buyer.ts";
import { Checker } from "./checker.ts";
import { DirectIntake } from "./direct_intake.ts";
import { Inbox } from "./inbox.ts";
import { openInboxFile } from "./inbox_file.ts";
import { InboxIntake } from "./inbox_intake.ts";
import type { Keying } from "./key_of.ts";
import type { Intake } from "./push.ts";
import type { InboxBookmark } from "./storekeeper.ts";

/** What an intake is opened with. */
export interface IntakeOptions {
  /** Directory of the inbox; whoever has the store open holds it. */
  readonly data?: string;
  readonly durability: "exactly-once" | "none";
  /** Where the last committed epoch ended. */
  readonly offsets: Readonly<Record<string, unknown>>;
  /** The factory's other source. */
  readonly source: Source | undefined;
  readonly keying: Keying;
  readonly buyer: Buyer;
  readonly clock: Clock;
}

/** Whom an intake tells. */
export interface IntakeEvents {
  readonly reject: (rejection: Rejection) => void;
  /** What was admitted can't be read. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Opens admission; what a run before admitted and did not commit is bought first.
 *
 * @throws {StoreError} when the inbox can't be opened
 */
export function openIntake(options: IntakeOptions, events: IntakeEvents): Intake {
  const { data, durability, offsets, source, keying, buyer, clock } = options;
  if (durability !== "exactly-once" || data === undefined) {
    return new DirectIntake({ buyer, clock, ...events });
  }
  if (source?.replayable && source.name === PUSHED) {
    throw new SourceError(
      `source ${source.name}: the name is that of what is pushed; give the source another one`,
      {
        fields: { source: source.name },
      },
    );
  }
  const bookmark = offsets[PUSHED] as InboxBookmark | undefined ?? { offset: 0, skip: 0 };
  const database = openInboxFile(data);
  try {
    const inbox = new Inbox({ database, directory: data, clock, position: bookmark.offset });
    const checker = new Checker(keying, clock);
    const intake = new InboxIntake({
      inbox,
      buyer,
      checker,
      bookmark,
      clock,
      codec: keying.codec,
      ...events,
    });
    intake.open();
    return intake;
  } catch (error) {
    database.close();
    throw error;
  }
}
