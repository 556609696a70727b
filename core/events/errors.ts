import { WorkbenchError } from "../contract/errors.ts";

type EventErrorCode = "event_invalid" | "event_not_found" | "delivery_not_found" | "delivery_not_dead";

export class EventError extends WorkbenchError<EventErrorCode> {}

export const eventInvalid = (expected: string) =>
  new EventError({ code: "event_invalid", message: `The event is not usable: expected ${expected}.` });

export const eventNotFound = () =>
  new EventError({
    code: "event_not_found",
    message: "There is no such event.",
    hint: "See workbench event list.",
  });

export const deliveryNotFound = () =>
  new EventError({
    code: "delivery_not_found",
    message: "There is no such delivery.",
    hint: "See workbench event dead-letters.",
  });

export const deliveryNotDead = (state: string) =>
  new EventError({
    code: "delivery_not_dead",
    message: `The delivery is ${state}; only a dead letter is redelivered.`,
  });
