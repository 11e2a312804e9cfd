import type { ProductFigures } from "../metrics/mod.ts";
import type { FactoryStatus } from "../headquarters/mod.ts";
import type { Inspection, Totals } from "../operations/mod.ts";

/** A metric with all its values of one moment. */
export interface Series {
  readonly type: "counter" | "gauge";
  /** Without the prefix that all of Shopfloor's metrics have. */
  readonly name: string;
  /** Not to be prefixed. */
  readonly bare?: boolean;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** One value. All samples of a series have the same label, or none. */
export interface Sample {
  readonly value: number;
  readonly label?: readonly [name: string, value: string | number];
}

/** Metric, field, help. */
const TOTALS: readonly (readonly [string, keyof Totals, string])[] = [
  ["materials_total", "materials", "Items admitted."],
  ["materials_rejected_total", "rejected", "Items that did not fit the blueprint's schema."],
  ["turn_retries_total", "retries", "Turns that were tried again."],
  ["dead_letters_total", "deadLetters", "Items given up after their last attempt."],
  ["hires_total", "hired", "Workers hired."],
  ["dismissals_total", "dismissed", "Workers dismissed."],
];

/** The factory as a whole. */
export function seriesOfStatus({ totals, epoch }: FactoryStatus): Series[] {
  return [
    ...TOTALS.map(([name, field, help]): Series => ({
      type: "counter",
      name,
      help,
      samples: [{ value: totals[field] }],
    })),
    {
      type: "gauge",
      name: "epoch_committed",
      help: "Number of the last committed epoch.",
      samples: [{ value: epoch.committed }],
    },
  ];
}

/** The warehouse, by product type. */
export function seriesOfProducts(products: readonly ProductFigures[]): Series[] {
  const each = (value: (product: ProductFigures) => number): Sample[] =>
    products.map((product) => ({ label: ["product", product.type], value: value(product) }));
  return [
    {
      type: "counter",
      name: "products_total",
      help: "Products handed to their sink.",
      samples: each(({ delivered }) => delivered),
    },
    {
      type: "gauge",
      name: "warehouse_items",
      help: "Products waiting for delivery.",
      samples: each(({ waiting }) => waiting),
    },
    {
      type: "counter",
      name: "delivery_errors_total",
      help: "Deliveries that a sink refused.",
      samples: each(({ deliveryErrors }) => deliveryErrors),
    },
  ];
}

/** Lines and workshops. */
export function seriesOfInspection(inspection: Inspection): Series[] {
  return [...seriesOfWorkshops(inspection.workshops), ...seriesOfLines(inspection.lines)];
}

function seriesOfWorkshops(workshops: Inspection["workshops"]): Series[] {
  return [
    {
      type: "gauge",
      name: "workers",
      help: "Live workers.",
      samples: workshops.map(({ id, workers }) => ({ label: ["workshop", id], value: workers })),
    },
    {
      type: "gauge",
      name: "workshop_busy_ratio",
      help: "Share of the last second at work.",
      samples: workshops.map(({ id, busy }) => ({ label: ["workshop", id], value: busy })),
    },
    {
      type: "counter",
      name: "restarts_total",
      help: "Web Workers started anew.",
      samples: workshops.map(({ id, restarts }) => ({
        label: ["department", `workshop ${id}`],
        value: restarts,
      })),
    },
  ];
}

function seriesOfLines(lines: Inspection["lines"]): Series[] {
  const each = (value: (line: Inspection["lines"][number]) => number): Sample[] =>
    lines.map((line) => ({ label: ["workshop", line.workshop], value: value(line) }));
  return [
    {
      type: "gauge",
      name: "line_batches",
      help: "Batches on the line.",
      samples: each(({ batches }) => batches),
    },
    { type: "gauge", name: "line_items", help: "Items on the line.", samples: each(({ items }) => items) },
    {
      type: "gauge",
      name: "line_oldest_seconds",
      help: "Age of the line's oldest batch.",
      samples: each(({ oldestMs }) => oldestMs / 1_000),
    },
    {
      type: "gauge",
      name: "line_back_pressure_ratio",
      help: "Share of the last second that procurement waited for the line.",
      samples: each(({ blocked }) => blocked),
    },
  ];
}
