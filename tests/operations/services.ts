import { emptySnapshot, type EndpointFigures, type ServiceFigures } from "../../src/metrics/mod.ts";

export function endpoint(url: string, figures: Partial<EndpointFigures> = {}): EndpointFigures {
  return {
    url,
    state: "closed",
    inFlight: 0,
    connections: 0,
    latencyMs: null,
    calls: 0,
    failures: 0,
    ...figures,
  };
}

export function service(name: string, figures: Partial<ServiceFigures> = {}): ServiceFigures {
  return {
    service: name,
    limit: 8,
    inFlight: 0,
    waiting: 0,
    calls: 0,
    failures: 0,
    retries: 0,
    hedges: 0,
    backPressure: 0,
    rtt: emptySnapshot(),
    endpoints: [],
    ...figures,
  };
}
