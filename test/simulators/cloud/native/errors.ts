// Refusals of the native ECS API: nearly all are 400, and the code says what is meant.

import { Refusal } from '../exchange.ts';

export function ecsRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal({ status, body: { error: { code, message } } });
}
