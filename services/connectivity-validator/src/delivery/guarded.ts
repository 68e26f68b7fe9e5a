import { type Circuit, isOutage } from "../overload/circuit.ts";
import { isSenderAtFault } from "../proxy/response.ts";
import type { Delivery } from "./delivery.ts";

/** Does not ask an Eventing that only fails, and notices when it is well again. */
export function guardedDelivery(delivery: Delivery, circuit: Circuit): Delivery {
  return {
    async deliver(event) {
      if (!circuit.admits(Date.now())) return { kind: "circuit_open" };
      const result = await delivery.deliver(event);
      if ("status" in result ? isOutage(result.status) : !isSenderAtFault(result)) circuit.failed(Date.now());
      else circuit.succeeded();
      return result;
    },
  };
}
