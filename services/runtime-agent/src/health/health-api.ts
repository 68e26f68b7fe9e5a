import { healthRoutes, type Service } from "@application-connector/service";

/** Health and readiness. Upstream's answers every method. */
export function healthApi(service: Service): ReturnType<Service["api"]> {
  const app = service.api();
  healthRoutes(app, service);
  return app;
}
