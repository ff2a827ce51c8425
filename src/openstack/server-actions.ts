// What was done to a server: Nova's own record, the only place where a resize that fell back silently can be seen.
import type { Cloud } from './cloud.ts';
import { isCloudError } from './errors.ts';
import { instant, list, object, text } from './json.ts';
import { segment } from './path.ts';

/** 2.51 shows `events` to people who are not administrators, 2.58 adds `updated_at`, 2.84 the reason in `details`. */
export const ACTION_VERSION = '2.84';

/** Times are ms since the epoch. */
export type ServerAction = {
  /** Nova's word, e.g. `resize`, `confirmResize`, `stop`. */
  action: string;
  /** The request id that the call was answered with. */
  requestId: string;
  userId: string | null;
  startedAt: number | null;
  /** Null below microversion 2.58. */
  updatedAt: number | null;
  /** True once Nova has given it up. False says nothing about success: it may still run. */
  failed: boolean;
  /** In the order they began; empty in lists and below microversion 2.51. */
  events: ActionEvent[];
};

export type ActionEvent = {
  /** E.g. `compute_finish_resize`. */
  name: string;
  startedAt: number | null;
  finishedAt: number | null;
  /** `Success`, `Error`, or null while it runs. */
  result: string | null;
  /** Why it failed, from microversion 2.84. Hostile text. */
  details: string | null;
};

/** Newest first, without events. GET /servers/{id}/os-instance-actions (ecs-api B.9). Throws CloudError. */
export async function listServerActions(cloud: Cloud, id: string): Promise<ServerAction[]> {
  const path = `/servers/${segment(id)}/os-instance-actions`;
  const answer = await cloud.call({ service: 'compute', method: 'GET', path, microversion: { most: ACTION_VERSION } });
  return list(object(answer.body)['instanceActions']).map(parseServerAction);
}

/**
 * GET /servers/{id}/os-instance-actions/{request id} (ecs-api B.9). Null when Nova has no such record, which is also so
 * for a moment after a call was accepted. Throws CloudError.
 */
export async function showServerAction(cloud: Cloud, id: string, requestId: string): Promise<ServerAction | null> {
  const path = `/servers/${segment(id)}/os-instance-actions/${segment(requestId)}`;
  try {
    const answer = await cloud.call({
      service: 'compute',
      method: 'GET',
      path,
      microversion: { most: ACTION_VERSION },
    });
    return parseServerAction(object(answer.body)['instanceAction']);
  } catch (error) {
    if (isCloudError(error, 'not_found')) return null;
    throw error;
  }
}

function parseServerAction(value: unknown): ServerAction {
  const wire = object(value);
  // Newest first on the wire, with times in whole seconds: most of a resize is a tie.
  const events = list(wire['events']).map(parseEvent).toReversed();
  return {
    action: text(wire['action']) ?? '',
    requestId: text(wire['request_id']) ?? '',
    userId: text(wire['user_id']),
    startedAt: instant(wire['start_time']),
    updatedAt: instant(wire['updated_at']),
    failed: text(wire['message']) !== null || events.some((event) => event.result?.toLowerCase() === 'error'),
    events: events.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0)),
  };
}

function parseEvent(value: unknown): ActionEvent {
  const wire = object(value);
  return {
    name: text(wire['event']) ?? '',
    startedAt: instant(wire['start_time']),
    finishedAt: instant(wire['finish_time']),
    result: text(wire['result']),
    details: text(wire['details']),
  };
}
