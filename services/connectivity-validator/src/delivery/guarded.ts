import { type Circuit, isOutage } from "../overload/circuit.ts";
import { isSenderAtFault } from "../proxy/response.ts";
import { deliverEach } from "./deliver-all.ts";
import type { Delivery, DeliveryResult } from "./delivery.ts";

/** Does not ask an Eventing that only fails, and notices when it is well again. */
export function guardedDelivery(delivery: Delivery, circuit: Circuit): Delivery {
  const notice = (isFailure: boolean): void => {
    if (isFailure) circuit.failed(Date.now());
    else circuit.succeeded();
  };
  const isOpen = (): boolean => !circuit.admits(Date.now());
  return {
    async deliver(event) {
      if (isOpen()) return { kind: "circuit_open" };
      const result = await delivery.deliver(event);
      notice(isFailed(result));
      return result;
    },
    ...(delivery.deliverAll && {
      async deliverAll(events, ended) {
        if (isOpen()) return events.map(() => ({ kind: "circuit_open" }));
        const results = await delivery.deliverAll?.(events, ended);
        if (results === undefined) {
          // Each of them asks Eventing by itself, and may be the one that finds out.
          circuit.giveBack(Date.now());
          return await deliverEach(this, events, ended);
        }
        // However many events they are, Eventing was asked once; or not at all.
        if (results.some((result) => "status" in result || !isSenderAtFault(result))) notice(results.some(isFailed));
        return results;
      },
    }),
  };
}

const isFailed = (result: DeliveryResult): boolean =>
  "status" in result ? isOutage(result.status) : !isSenderAtFault(result);
