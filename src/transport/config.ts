import type { ErrorWire, Settings } from "../core/mod.ts";
import type { Handover } from "./driver.ts";

/** What transport is opened with: plain data. */
export interface TransportConfig {
  readonly settings: Settings;
  readonly data: string | undefined;
  readonly durability: "exactly-once" | "none";
  readonly lineBatches: number;
  /** How long to wait for the data directory while another transport has it. Default 0. */
  readonly handoverMs?: number;
  /** Whether deliveries are reported one by one. */
  readonly traces?: boolean;
}

/** What transport tells headquarters. */
export type TransportEvent =
  | { readonly kind: "committed"; readonly epoch: number; readonly finished: number }
  | { readonly kind: "delivered"; readonly delivery: Handover }
  | { readonly kind: "failed"; readonly error: ErrorWire };
