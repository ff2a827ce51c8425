// Every Redis key the bot uses, built here and nowhere else, all under REDIS_PREFIX (one hash tag keeps a cluster's
// multi-key scripts on one node).

/** Joins parts so that no part can reach into another's name. */
function join(...parts: string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join(':');
}

export type Keys = ReturnType<typeof createKeys>;

type Person = { teamId: string; userId: string };

export function createKeys(prefix: string) {
  const key = (...parts: string[]) => prefix + join(...parts);
  const of = (person: Person) => [person.teamId, person.userId] as const;
  return {
    prefix,
    session: (person: Person) => key('session', ...of(person)),
    loginTicket: (ticket: string) => key('login', 'ticket', ticket),
    loginLatest: (person: Person) => key('login', 'latest', ...of(person)),
    loginState: (state: string) => key('login', 'state', state),
    loginPending: (person: Person) => key('login', 'pending', ...of(person)),
    channelProject: (teamId: string, channelId: string) => key('channel', teamId, channelId, 'project'),
    seen: (deliveryId: string) => key('seen', deliveryId),
    once: (id: string) => key('once', id),
    secret: (person: Person, id: string) => key('secret', ...of(person), id),
    secretTicket: (digest: string) => key('secret-ticket', digest),
    lease: (name: string) => key('lease', name),
    record: (kind: string, id: string) => key(kind, 'record', id),
    recordDue: (kind: string) => key(kind, 'due'),
    recordClaim: (kind: string, claim: string) => key(kind, 'claim', claim),
    recordGroup: (kind: string, group: string) => key(kind, 'group', group),
    value: (...parts: string[]) => key('value', ...parts),
    outboxRow: (id: string) => key('outbox', 'row', id),
    outboxSeq: () => key('outbox', 'seq'),
    outboxLanes: () => key('outbox', 'lanes'),
    /** Scripts append the lane's name to these. */
    outboxUnfinished: (lane = '') => `${key('outbox', 'unfinished')}:${lane}`,
    outboxHold: (lane = '') => `${key('outbox', 'hold')}:${lane}`,
    outboxPace: (lane = '') => `${key('outbox', 'pace')}:${lane}`,
    bullPrefix: () => `${prefix}bull`,
  };
}
