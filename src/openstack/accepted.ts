// Orders that the cloud took without having carried them out yet.
import type { CloudAnswer } from './cloud.ts';

/** The cloud took the order; the work is not done yet. `at` is the cloud's clock, in ms. */
export type Accepted = { requestId: string | null; at: number };

export function accepted(answer: CloudAnswer): Accepted {
  return { requestId: answer.requestId, at: answer.at };
}
