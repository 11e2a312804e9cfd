import { Hono } from "hono";
import type { Reception } from "./reception.ts";
import { deadLetterRoutes } from "./routes/dead_letter_routes.ts";
import { factoryRoutes } from "./routes/factory_routes.ts";
import { healthRoutes } from "./routes/health_routes.ts";
import { historyRoutes } from "./routes/history_routes.ts";
import { inspectionRoutes } from "./routes/inspection_routes.ts";
import { materialsRoutes } from "./routes/materials_routes.ts";
import { metricsRoutes } from "./routes/metrics_routes.ts";
import { procurementRoutes } from "./routes/procurement_routes.ts";
import { productRoutes } from "./routes/product_routes.ts";
import { workerRoutes } from "./routes/worker_routes.ts";
import { workshopRoutes } from "./routes/workshop_routes.ts";

/** Every endpoint for programs, without what guards them. Its type is written by its routes. */
export function endpoints(reception: Reception) {
  return new Hono()
    .route("/", healthRoutes(reception))
    .route("/", metricsRoutes(reception))
    .route("/", factoryRoutes(reception))
    .route("/", workshopRoutes(reception))
    .route("/", workerRoutes(reception))
    .route("/", procurementRoutes(reception))
    .route("/", materialsRoutes(reception))
    .route("/", productRoutes(reception))
    .route("/", inspectionRoutes(reception))
    .route("/", historyRoutes(reception))
    .route("/", deadLetterRoutes(reception));
}

/** What the typed client knows of the endpoints: methods, paths, parameters, bodies, answers. */
export type App = ReturnType<typeof endpoints>;
