import { logger } from "../../shared/log.ts";
import type {
  ConnectionRequestAnswer,
  ConnectionRequestMethod,
  ConnectionRequestTarget,
} from "./target.ts";

const log = logger("cwmp.connection-request.accept-request");

/** Hands a request that proved right to its endpoint. One that fails must not take the way in of all others with it. */
export function acceptRequest(
  target: ConnectionRequestTarget,
  method: ConnectionRequestMethod,
): ConnectionRequestAnswer {
  const endpoint = target.endpointId;
  try {
    const answer = target.accept(method);
    log.info("connection request", { endpoint, method, answer });
    return answer;
  } catch (error) {
    log.error("connection request failed", { endpoint, method, error });
    return "busy";
  }
}
