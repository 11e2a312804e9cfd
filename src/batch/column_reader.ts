import type { Column } from "./batch.ts";
import { State } from "./column_writer.ts";
import type { Page } from "./page.ts";
import { StateReader } from "./state_reader.ts";

/** A column of the loaded batch: what all kinds have in common. */
export abstract class ColumnReader {
  readonly states: StateReader;
  protected readonly page: Page;
  /** Where the values are, in units of their own. */
  protected values: number = 0;

  constructor(page: Page, column: Pick<Column, "nullable" | "optional">) {
    this.page = page;
    this.states = new StateReader(page, column);
  }

  /** Turns to the batch that was just loaded; `record` is where the column's record begins in the head. */
  load(record: number): void {
    this.states.load(record);
    this.loadValues(record);
  }

  /** A row's value; meaningless unless it has one. */
  abstract at(row: number): unknown;

  /** All values, as the items have them. */
  all(): ArrayLike<unknown> {
    return Array.from({ length: this.page.rows }, (_, row) => {
      const state = this.states.of(row);
      return state === State.value ? this.at(row) : state === State.null ? null : undefined;
    });
  }

  protected abstract loadValues(record: number): void;
}
