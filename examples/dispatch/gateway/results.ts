/**
 * The table of results: one row for each device, however many dispatchers write it and however often.
 *
 * @module
 */

import { type Postgres, startPostgres } from "../postgres.ts";

/**
 * What dispatchers insert into is a view: a row goes into the table unless the device has one. PostgreSQL decides
 * that, under the primary key, so that of two who write the same device at the same moment one wins.
 */
const SCHEMA = `
CREATE TABLE results (
  device text PRIMARY KEY,
  kind text NOT NULL,
  score double precision NOT NULL,
  dispatcher text NOT NULL
);
CREATE VIEW new_results AS
  SELECT *, ''::text AS _key, 0::bigint AS _epoch, now() AS _at FROM results;
CREATE FUNCTION insert_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO results VALUES (NEW.device, NEW.kind, NEW.score, NEW.dispatcher) ON CONFLICT (device) DO NOTHING;
  RETURN NEW;
END $$;
CREATE TRIGGER insert_once INSTEAD OF INSERT ON new_results FOR EACH ROW EXECUTE FUNCTION insert_once();
`;

/** One result. */
export interface Result {
  readonly device: string;
  readonly kind: string;
  readonly score: number;
  /** Who wrote it: the name that its process has given itself. */
  readonly dispatcher: string;
}

/** The table, for whoever wants to know what is in it. */
export interface Results {
  /** The directory of PostgreSQL's socket. */
  readonly host: string;
  count(): Promise<number>;
  all(): Promise<Result[]>;
  close(): Promise<void>;
}

/** Starts PostgreSQL with an empty table. */
export async function openResults(folder: string): Promise<Results> {
  const server: Postgres = await startPostgres(folder);
  await server.query(SCHEMA).catch(async (error) => {
    await server.stop();
    throw error;
  });
  return {
    host: server.host,
    count: async () => Number((await server.query("SELECT count(*) FROM results"))[0]),
    all: async () =>
      (await server.query("SELECT device, kind, score, dispatcher FROM results")).map((row) => {
        const [device, kind, score, dispatcher] = row.split("|");
        return { device, kind, score: Number(score), dispatcher };
      }),
    close: () => server.stop(),
  };
}
